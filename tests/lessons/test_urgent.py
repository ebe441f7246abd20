"""Cries for help against words about fraud, typed as people type them."""

import pytest

from lessons.search import is_account_taken, is_urgent

URGENT = """
vừa bị lừa
toi vua bi lua mat tien
bi lua mat tien
bị lừa mất 20 triệu rồi
toi bi lua roi
bi gat het tien roi chi oi
vừa chuyển tiền cho kẻ lừa
lo chuyen tien cho nguoi la
tôi mới chuyển khoản cho tụi lừa đảo
da chuyen cho no 10 trieu roi, no la lua dao
lỡ đọc OTP
lo doc ma otp cho nguoi ta roi
tui lo dua mat khau ngan hang cho no
lỡ cho người lạ mã pin
vừa nhập mật khẩu vào trang giả
lộ mã otp
lộ mật khẩu ngân hàng
lỡ cài app lạ
lo cai file apk
moi cai ung dung la vo may
lo bam vao link la
lỡ bấm link
máy tôi bị điều khiển
may tu chay roi
má tôi vừa bị lừa
hàng xóm tôi vừa bị lừa mất tiền
bị lừa
bị lừa phải làm sao
bi lua thi phai lam gi bay gio
tai khoan bi tru het tien
tiền trong tài khoản bị mất
mat het tien trong tai khoan
tài khoản bị hack mất tiền
moi bi lua xong
cứu tôi với vừa bị gạt 5 triệu
di bam nham cai link roi
lo bam nham link la
di doc may so cho no roi
di lo doc may so no hoi roi
di dua ma cho no rui
no goi keu di chuyen tien khong thi bat bo tu
cong an dang goi bat di chuyen tien
ho bat di o trong phong khong cho noi voi ai
zalo bi nguoi ta lay roi
zalo cua tui bi hack roi
no lay het tien cua di roi
ngan hang bao tru 3 trieu ma di dau co chuyen
may tu nhien chay tum lum
lo chup hinh can cuoc gui cho no roi
nó đang gọi biểu đọc mã OTP
"""
CALM = """
lừa
lua
thật
làm sao để khỏi bị lừa
lam sao de khong bi lua
sợ bị lừa
nếu bị lừa thì làm gì
cách tránh bị lừa đảo
học bài bị lừa thì làm gì
co bi lua khong
day la lua dao
câu này là lừa đảo
năm ngoái bị lừa mất tiền
nghe nói nhiều người bị lừa mất tiền
doc bao thay co nguoi bi lua mat tien
lo lắng bị lừa mất tiền
chuyển tiền làm sao
chuyen nham tien
lỡ chuyển nhầm tiền cho con
vừa chuyển tiền cho con
gửi tiền cho cháu đi học
da chuyen tien dien
moi nap tien dien thoai
lam sao cai vneid
vua cai vneid xong
cài app ngân hàng ở đâu
mới cài app ngân hàng xong
mã otp là gì
có người hỏi mã otp
mã otp của tôi không về
mới nhận otp
Không đọc mã cho ai
cúp máy, không đọc mã otp
quen mat khau zalo
đổi mật khẩu
mới đổi mật khẩu xong
vừa đặt mật khẩu cho zalo rồi
vừa nhập mật khẩu vneid không được
lúa năm nay được mùa
ban lua duoc may trieu
mới bán lúa được 20 triệu
hom nay troi mua qua
hom qua coi tivi co nguoi bi lua
con goi bieu chuyen tien cho no di hoc
vừa gọi cho con gái
khong noi cho ai biet mat khau
dung doc ma cho ai
chuyen tien cho con the nao
cho con xin so dien thoai cong an
gui tien cho no di hoc
zalo bi cham qua
zalo bi treo
zalo mat tieng roi
lay zalo cho con coi
so bi hack zalo
làm sao để khỏi bị hack zalo
mat dien roi
mất sóng rồi
mất điện thoại
mới mua điện thoại mới
toi vua hoc xong bai
cam on con
"""


@pytest.mark.parametrize("text", URGENT.strip().splitlines())
def test_words_of_somebody_just_robbed_are_urgent(text):
    assert is_urgent(text)


@pytest.mark.parametrize("text", CALM.strip().splitlines())
def test_words_about_fraud_or_about_other_things_are_not_urgent(text):
    assert not is_urgent(text)


ACCOUNT = """
Zalo bị hack
zalo bi nguoi ta lay roi
zalo cua tui bi hack roi
tai khoan zalo bi chiem
bi hack facebook roi con oi
bị mất zalo
mat zalo roi
zalo cua ba xa tui mat roi
no hack zalo cua di
"""
# With money in it, the bank comes first.
MONEY_TOO = """
bi hack zalo mat tien
zalo bị hack rồi nó mượn tiền con tui
no chiem zalo roi bieu chuyen khoan
lỡ đọc mã OTP rồi zalo bị chiếm
bi lua mat tien
"""


@pytest.mark.parametrize("text", ACCOUNT.strip().splitlines())
def test_a_chat_account_taken_is_urgent_and_no_matter_for_the_bank(text):
    assert (is_urgent(text), is_account_taken(text)) == (True, True)


@pytest.mark.parametrize("text", MONEY_TOO.strip().splitlines())
def test_where_money_is_spoken_of_the_bank_comes_first(text):
    assert (is_urgent(text), is_account_taken(text)) == (True, False)
