"""The post-mortem outside the pane: in the person's own editor, and on a plain screen."""

from __future__ import annotations

from cockpit.screens.external_editor import EditResult, edit_text
from cockpit.screens.postmortem_base import PostmortemBase
from cockpit.widgets.postmortem_pane import PostmortemPane


class OutsideMixin(PostmortemBase):
    """Hands a section, or all of them, to the person's own editor."""

    def on_postmortem_pane_external(self, event: PostmortemPane.External) -> None:
        """Go on in the person's own editor."""
        event.stop()
        self.edit_section()

    def on_postmortem_pane_edit_whole(self, event: PostmortemPane.EditWhole) -> None:
        """Go on with all sections in the person's own editor."""
        event.stop()
        self.store_section()
        self.start_work(self._edit_whole(), "external")

    def edit_section(self) -> None:
        """Edit the open section, or its draft, in the person's own editor."""
        self.start_work(self._edit_section(), "external")

    def show_plain_postmortem(self) -> None:
        """Show the whole document on a plain screen, to be selected by hand."""
        from cockpit.screens.plain_text import PlainTextScreen
        from cockpit.service import postmortems

        inc, public = self.inc, self.public_form

        async def show() -> None:
            text = await self.cockpit.fetch(
                lambda session: postmortems.markdown(session, inc, public=public)
            )
            self.app.push_screen(PlainTextScreen(text))

        self.store_section()
        self.start_work(show(), "plain")

    async def _edit_section(self) -> None:
        pane, editing = self.postmortem_pane, self._editing
        section = pane.section
        if editing is None or section is None:
            return
        before = section.draft if pane.shows_draft else pane.text
        result = await self._edit(before)
        if result.trouble or self._editing is not editing or result.text == before:
            return
        if pane.shows_draft:
            if not result.text.strip():
                return
            editing.adopt(section.draft, self.inc)
            pane.show_text(editing.document.text)
        pane.area.put_text(result.text)
        self.store_section()

    async def _edit_whole(self) -> None:
        from cockpit.service import postmortem_documents

        inc, public = self.inc, self.public_form
        opened = await self.cockpit.perform(
            lambda session: postmortem_documents.open_document(session, inc, public=public)
        )
        result = await self._edit(opened.text)
        if result.trouble or result.text == opened.text:
            return
        outcome = await self.cockpit.perform(
            lambda session: postmortem_documents.close_document(session, opened, result.text)
        )
        self.cockpit.notice(outcome.words)
        await self.refresh_view()
        await self.show_sections()

    async def _edit(self, text: str) -> EditResult:
        directory = await self.cockpit.fetch(lambda session: session.paths.drafts)
        command = self.cockpit.config.editor
        result = edit_text(self.app, text, command=command, directory=directory)
        if result.trouble:
            self.cockpit.notice(result.trouble, "bad")
        return result
