"""The museum as it opens from its store."""

from pathlib import Path

from assets.catalog.store.catalog import Catalog
from assets.catalog.withdrawal import withdraw
from server.content import Audience
from server.exhibition import open_exhibition
from server.world.interest import Grid
from server.world.visit import Detail, Visit


def test_what_the_store_holds_is_what_a_visitor_perceives(built_store: Path) -> None:
    showing = open_exhibition(built_store)
    visit = Visit(showing.interest)
    start = next(iter(showing.starts.values()))
    entered = {one.artifact for one in visit.pose(start, 0).entered}
    assert entered == {"sample:lai-zhong-bell", "sample:jade-bi"}
    told = showing.content.texts("sample:jade-bi", Detail.LABEL, Audience(("zh",)))
    assert [one.content for one in told if one.purpose == "title"] == ["玉璧"]
    (file,) = showing.content.files("sample:lai-zhong-bell", Detail.GLANCE, Audience())
    assert showing.interest.placement.exhibit("sample:lai-zhong-bell").weight == file.size
    (dated,) = showing.content.answer("sample:jade-bi", "When was it made?", Audience(("en",)))
    assert dated.content == "Made: 3300–2200 BCE"
    assert dated.address.startswith("https://")


def test_an_artifact_that_was_withdrawn_is_not_placed_and_nothing_is_told_of_it(store: Path) -> None:
    before = open_exhibition(store)
    with Catalog(store) as catalog:
        withdraw(catalog, "sample:jade-bi", "asked for", "2026-01-02T00:00:00+00:00")
    after = open_exhibition(store)
    assert [exhibit.artifact for exhibit in after.interest.placement.exhibits] == ["sample:lai-zhong-bell"]
    assert after.content.texts("sample:jade-bi", Detail.MEDIA, Audience()) == ()
    assert after.version != before.version


def test_interest_is_judged_in_the_cells_that_were_asked_for(built_store: Path) -> None:
    assert open_exhibition(built_store, grid=Grid(1.0, 4)).interest.grid == Grid(1.0, 4)
