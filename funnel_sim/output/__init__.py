"""What goes out: numbers as text, explanations, tables, charts. Nothing here knows Streamlit."""
