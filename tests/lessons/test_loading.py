import pytest

from lessons.loading import ContentBroken, Loading, load
from tests.lessons.sample import LESSON, QUIZ, change, write


def test_broken_content_is_refused_with_the_linters_words(tmp_path):
    change(tmp_path, LESSON, "minutes: 3", "minutes: ba")
    with pytest.raises(ContentBroken) as refused:
        load(tmp_path)
    assert str(refused.value) == f"{LESSON}:6: «minutes: ba» không đúng → viết một số từ 2 đến 5"


def test_a_lesson_long_due_for_a_check_is_still_taught(tmp_path):
    change(
        tmp_path,
        LESSON,
        "checked_on: 2026-11-23\ncheck_by: 2027-05-23",
        "checked_on: 2016-11-23\ncheck_by: 2017-05-23",
    )
    assert [one.slug for one in load(tmp_path).lessons] == ["bai-mau"]


def test_a_second_start_gives_the_same_from_the_cache(tmp_path):
    write(tmp_path)
    cache = tmp_path / "kept" / "content.json"
    first = load(tmp_path, cache)
    before = cache.read_bytes()
    second = load(tmp_path, cache)
    assert (second.courses, second.lessons) == (first.courses, first.lessons)
    assert second.quiz("bai-mau") == first.quiz("bai-mau")
    assert cache.read_bytes() == before


def test_who_is_killed_before_settling_has_taught_all_the_same(tmp_path):
    write(tmp_path)
    cache = tmp_path / "content.json"
    killed = Loading(tmp_path, cache).finish()
    left_behind = cache.exists()
    found = [one.lesson.slug for one in killed.search.find("đọc tên người nhận")]
    next_time = load(tmp_path, cache)
    assert (left_behind, found) == (False, ["bai-mau"])
    assert (next_time.lessons, cache.exists()) == (killed.lessons, True)


def test_a_changed_file_is_read_again(tmp_path):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    change(tmp_path, LESSON, "title: Đọc tên người nhận", "title: Tên mới")
    assert [one.title for one in load(tmp_path, cache).lessons] == ["Tên mới"]


def test_a_file_that_changed_while_it_was_checked_is_read_again(tmp_path):
    cache = tmp_path / "content.json"
    write(tmp_path)
    loading = Loading(tmp_path, cache)
    loading.finish()
    change(tmp_path, LESSON, "title: Đọc tên người nhận", "title: Tên mới")
    loading.settle()
    assert [one.title for one in load(tmp_path, cache).lessons] == ["Tên mới"]


@pytest.mark.parametrize("name", ["lessons/content/thu.txt", "quizzes/content/mau/thu.yml"])
def test_a_file_put_in_a_wrong_place_since_is_refused_whatever_is_kept(tmp_path, name):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    with pytest.raises(ContentBroken, match="không nằm đúng chỗ"):
        load(tmp_path, cache)


def test_a_hidden_file_beside_the_lessons_changes_nothing(tmp_path):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    before = cache.stat()
    (tmp_path / "lessons" / "content" / ".DS_Store").touch()
    load(tmp_path, cache)
    assert cache.stat().st_ino == before.st_ino  # not written anew


def test_a_file_broken_since_is_refused_whatever_is_kept(tmp_path):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    change(tmp_path, QUIZ, "kind: order", "kind: rank")
    with pytest.raises(ContentBroken):
        load(tmp_path, cache)


@pytest.mark.parametrize("harm", [b"", b"not it", b"\xff\n{}", None])
def test_a_damaged_cache_is_no_harm(tmp_path, harm):
    cache = tmp_path / "content.json"
    write(tmp_path)
    load(tmp_path, cache)
    whole = cache.read_bytes()
    cache.write_bytes(
        whole.replace("Đọc tên".encode(), "Đọc tem".encode()) if harm is None else harm
    )
    assert [one.title for one in load(tmp_path, cache).lessons] == ["Đọc tên người nhận"]
    assert cache.read_bytes() == whole


def test_a_cache_that_cannot_be_written_is_no_harm(tmp_path):
    write(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert len(load(tmp_path, tmp_path / "file" / "content.json").lessons) == 1
    assert len(load(tmp_path, tmp_path).lessons) == 1
