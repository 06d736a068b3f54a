"""Where the records are: their place, their backups, and the end of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from rom.records.backups import back_up, backups
from rom.records.deletion import Deletion, delete_everything
from rom.records.location import backups_dir
from rom.ui.access import records, user
from rom.ui.batch.recordings import batch_of
from rom.ui.html_table import show_table
from rom.ui.preferences import forget_preferences

WORD = "DELETE"
SHOWN = 5
_DELETED = "settings_deleted"


def show() -> None:
    """Draw the part of the page about one's data."""
    st.subheader("Your data")
    who = user()
    if who.demo:
        st.markdown("This is the demo. Leave it to see where your own records are.")
        return
    if who.id is None:
        _place()
        _backups()
    else:
        st.markdown("Your records are kept by whoever runs this app, apart from those of others.")
    _deletion()


def _place() -> None:
    with records() as store:
        where = store.database.shown
    st.markdown("Everything is kept on this computer, readable for you alone:")
    st.code(where, language=None, wrap_lines=True)
    st.markdown(
        "Set `ROM_DATA_DIR` to keep it in another folder, and `ROM_PASSPHRASE` to encrypt it;"
        " `rom backup --help` says how."
    )


def _backups() -> None:
    if st.button("Back up now"):
        with records() as store:
            path = back_up(store.database)
            store.note_copy("backup", path)
        st.success(f"Written and read through: {path.name}")
    found = backups()
    if not found:
        st.markdown("There is no backup yet.")
        return
    show_table([_backup_row(path) for path in found[:SHOWN]], caption="The newest backups")
    if len(found) > SHOWN:
        st.markdown(f"{len(found) - SHOWN} older ones are in the same folder.")
    st.markdown(
        "To bring one back, close the app and type this in a terminal. The records as they are now"
        " are kept as a backup first."
    )
    st.code(f"rom restore {found[0].name}", language=None, wrap_lines=True)
    st.markdown(f"Backups are in `{backups_dir()}`.")


def _backup_row(path: Path) -> dict[str, str]:
    status = path.stat()
    written = datetime.fromtimestamp(status.st_mtime).strftime("%Y-%m-%d %H:%M")
    return {"Backup": path.name, "Written": written, "Size": f"{status.st_size / 1e6:.1f} MB"}


def _deletion() -> None:
    say_deleted()
    with st.expander("Delete everything"), st.form("delete_everything", border=False):
        st.markdown(
            "This deletes all people, sessions and choices that you keep here, and overwrites"
            " them. Nobody can bring them back. Backups and exports are not touched; they are named"
            " afterwards."
        )
        typed = st.text_input(f"Type {WORD} to go on")
        if not st.form_submit_button("Delete everything"):
            return
        if typed.strip() != WORD:
            st.warning(f"Expected the word {WORD}, got something else; nothing was deleted.")
            return
        with records() as store:
            st.session_state[_DELETED] = delete_everything(store)
        batch_of(user().id).clear()
        if user().id is None:
            forget_preferences()
        st.rerun()


def say_deleted() -> None:
    """Say once what was deleted, and which files may still hold some of it."""
    if (done := st.session_state.pop(_DELETED, None)) is not None:
        _say(done)


def _say(done: Deletion) -> None:
    st.success(f"Deleted: {done.sessions} sessions with {done.sets} sets, and your choices.")
    if user().id is not None:
        st.markdown("Backups of the server are with whoever runs it.")
        return
    files = [*done.elsewhere, *done.perhaps]
    if files:
        st.markdown("These files may still hold some of it; deleting them is up to you:")
        st.code("\n".join(map(str, files)), language=None, wrap_lines=True)
