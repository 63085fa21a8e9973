"""The catalogue changes while the program runs."""

from pathlib import Path

from psbuddy.catalogue import CatalogueWatcher

GOOD = "applications: {shop: {hosts: a}}\n"


def test_the_first_look_reads_and_the_second_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    watcher = CatalogueWatcher(tmp_path)
    change = watcher.poll()
    assert change is not None
    assert (change.is_good, list(change.catalogue.applications)) == (True, ["shop"])
    assert watcher.poll() is None


def test_a_folder_that_is_not_there_yet_is_empty_until_it_is(tmp_path: Path) -> None:
    watcher = CatalogueWatcher(tmp_path / "later")
    first = watcher.poll()
    assert first is not None
    assert first.catalogue.applications == {}
    assert watcher.poll() is None
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "a.yaml").write_text(GOOD)
    change = watcher.poll()
    assert change is not None
    assert list(change.catalogue.applications) == ["shop"]


def test_a_file_that_turns_bad_keeps_the_last_good_one_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(GOOD)
    watcher = CatalogueWatcher(tmp_path)
    watcher.poll()
    file.write_text(GOOD.replace("hosts", "hsts"))
    change = watcher.poll()
    assert change is not None
    assert not change.is_good
    assert {problem.nearest for problem in change.problems} == {"hosts", ""}
    assert list(change.catalogue.applications) == ["shop"]
    assert watcher.poll() is None
    file.write_text(GOOD.replace("shop", "till"))
    change = watcher.poll()
    assert change is not None
    assert (change.is_good, list(change.catalogue.applications)) == (True, ["till"])
    assert watcher.problems == ()


def test_a_file_that_comes_or_goes_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    watcher = CatalogueWatcher(tmp_path)
    watcher.poll()
    (tmp_path / "b.yaml").write_text(GOOD.replace("shop", "till"))
    change = watcher.poll()
    assert change is not None
    assert sorted(change.catalogue.applications) == ["shop", "till"]
    (tmp_path / "a.yaml").unlink()
    change = watcher.poll()
    assert change is not None
    assert list(change.catalogue.applications) == ["till"]


def test_a_link_to_nowhere_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "nowhere")
    change = CatalogueWatcher(tmp_path).poll()
    assert change is not None
    assert [problem.file for problem in change.problems] == ["a.yaml"]
