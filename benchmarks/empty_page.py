"""The floor to measure against: a page that turns one number into one text. Run by redraw.py."""

import streamlit as st

number = st.number_input("number", value=1.0, key="number")
st.markdown(f"shown {number:g}")
