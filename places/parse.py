"""From one YAML file to one province. ``docs/don-vi-hanh-chinh.md`` explains every field."""

import re

from authoring.form import Form, Sheet
from authoring.reading import Text, Tree
from places.model import Commune, CommuneKind, Former, Province

_CODE = re.compile(r"[0-9]{5}|[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# It travels in buttons, which hold 64 bytes with their other parts.
_CODE_MOST = 24
_NAME_MOST = 32
_KINDS: dict[str, CommuneKind] = {"xã": "xã", "phường": "phường", "đặc khu": "đặc khu"}


def parse_province(sheet: Sheet, tree: Tree) -> Province:
    """The province as far as it can be read; everything wrong joins the sheet's problems."""
    form = Form(sheet, tree, "tỉnh")
    slug = form.slug("slug")
    province = Province(
        slug=slug,
        name=_name(form),
        before=tuple(one.value for one in form.words("before", 0, 10)),
        communes=tuple(
            _commune(one, slug) for one in form.forms("communes", 1, 1000, "xã, phường")
        ),
    )
    form.close()
    return province


def _commune(form: Form, province: str) -> Commune:
    code = form.text("code")
    if code.value and not (_CODE.fullmatch(code.value) and len(code.value) <= _CODE_MOST):
        form.sheet.add(
            code.line,
            f"mã «{code.value}» không đúng dạng",
            'viết mã 5 số trong ngoặc kép như "28696", hoặc tên không dấu có gạch nối',
        )
    form.sheet.names.append((code.value, code.line))
    commune = Commune(
        code=code.value,
        kind=form.choice("kind", _KINDS),
        name=_name(form),
        province=province,
        before=tuple(_former(form, one) for one in form.words("before", 0, 20)),
        unsure=form.flag("unsure"),
    )
    form.close()
    return commune


def _former(form: Form, line: Text) -> Former:
    """From a line such as: xã An Bình, thị trấn Mỹ An; huyện Tháp Mười; Đồng Tháp."""
    parts = [part.strip() for part in line.value.split(";")]
    communes = tuple(name for one in parts[0].split(",") if (name := one.strip()))
    if len(parts) != 3 or not all(parts):
        form.sheet.add(
            line.line,
            f"tên cũ «{line.value}» chưa đủ ba phần",
            "viết «các xã cũ, cách nhau dấu phẩy; huyện cũ; tỉnh cũ»",
        )
        return Former(communes=communes, district="", province="")
    return Former(communes=communes, district=parts[1], province=parts[2])


def _name(form: Form) -> str:
    name = form.text("name")
    if len(name.value) > _NAME_MOST:
        form.sheet.add(
            name.line, f"tên dài {len(name.value)} chữ, nhiều nhất {_NAME_MOST}", "viết gọn lại"
        )
    return name.value.strip()
