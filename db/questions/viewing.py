"""Saved views of the register as they are asked about."""

from sqlalchemy import delete, or_, select

from core.access import Scope
from core.entries.views import SavedView
from core.organisation.units import Unit
from db.kept import worded
from db.scoping import Asking, within
from db.tables import people_, units_
from db.tables.view_tables import default_views, saved_views


class Viewing(Asking):
    """Whose views there are, and which one opens the register."""

    def saved_views(self, scope: Scope, viewer: str) -> list[tuple[SavedView, Unit, str]]:
        query = worded(
            lambda: select(SavedView, Unit, people_.c.name)
            .join(Unit, units_.c.id == saved_views.c.unit_id)
            .join(people_, people_.c.id == saved_views.c.made_by)
            .where(within(saved_views.c.unit_id, scope), or_(saved_views.c.shared, saved_views.c.made_by == viewer))
            .order_by(saved_views.c.id)
        )  # fmt: skip
        return [(row[0], row[1], row[2]) for row in self.session.execute(*query)]

    def default_view(self, person_id: str) -> str | None:
        return self.session.scalar(select(default_views.c.view_id).where(default_views.c.person_id == person_id))

    def put_default_view(self, person_id: str, view_id: str | None) -> None:
        self.session.execute(delete(default_views).where(default_views.c.person_id == person_id))
        if view_id is not None:
            self.session.execute(default_views.insert().values(person_id=person_id, view_id=view_id))

    def forget_defaults(self, view_id: str) -> None:
        self.session.execute(delete(default_views).where(default_views.c.view_id == view_id))
