"""The screen: the only importer of Streamlit."""
