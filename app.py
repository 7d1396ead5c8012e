"""清源 Qingyuan. `streamlit run app.py` starts everything.

Imported by the server this file builds the web application; run by Streamlit it shows the page that was asked for.
"""

if __name__ == "__main__":
    from pages.ui.shell import main

    main()
else:
    import gc

    gc.disable()  # what is imported stays: to look for what has gone would take a fifth of the start
    import streamlit as st

    from pages.web.server import parts

    gc.freeze()
    gc.enable()
    # Without this, the first visitor after a start who follows a deep link runs a file of pages/ alone, without the
    # frame. Calling st.navigation once turns that old routing off for the whole process.
    st.navigation([st.Page(lambda: None, title="boot")])
    # `st.App(` has to stand here in so many words: Streamlit looks for it in this file's text.
    app = st.App(__file__, **parts())
