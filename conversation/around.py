"""The words that stand around an answer and change nothing: "dạ, chắc là … nha con".

All are written with their marks; typed without, they still fit (see ``typed``). Sorted
by where they may stand, because "nha số 2" is a house and "số 2 nha" is an answer.
"""

from conversation.typed import Phrases

# The learner's word for itself, or for the tutor.
SELF = ("tui", "tôi", "mình", "tao", "tớ")
_TO_TUTOR = (
    "con", "cháu", "em", "bạn", "cưng", "bé", "thầy", "cô", "chú", "bác", "anh", "chị", "dì",
)  # fmt: skip
KIN = (
    *_TO_TUTOR, "ông", "bà", "cậu", "mợ", "thím", "dượng", "ngoại", "nội", "má", "mẹ", "ba",
)  # fmt: skip
_PARTICLES = (
    "nha", "nhá", "nhé", "nhe", "nhen", "nghe", "nghen", "hen", "hén", "ha", "hé", "hỉ", "đi", "đó",
    "đấy", "á", "ạ", "à", "ah", "nè", "nầy", "này", "kìa", "kia", "ta", "ấy", "mà", "luôn",
    "lun", "vậy", "dậy", "thôi", "thui", "ik", "nhoa", "đa", "e", "he", "hihi", "haha", "hehe",
)  # fmt: skip

# What names the next word a choice: "câu 2", "đáp án b". Nothing after a number: "2 cái" counts.
CLASSIFIERS = Phrases((
    "số", "con số", "câu", "câu số", "cái", "cái số", "ý", "ý số", "mục", "dòng", "nút", "ô",
    "hàng", "phần", "chữ", "đáp án", "phương án", "câu trả lời", "lựa chọn", "bước", "kết quả",
    "trường hợp",
))  # fmt: skip
ORDINAL = Phrases(("thứ", "hạng"))

LEADS = Phrases((
    "dạ", "vâng", "thưa", "ờ", "ừ", "ừm", "ậy", "à", "á", "ạ", "uh", "um", "ok", "oke", "rồi",
    "thì", "là", "chắc", "chắc chắn", "hình như", "có lẽ", "có thể", "theo", "nghĩ", "đoán",
    "cho là", "cho rằng", "tin", "tin là", "thấy", "thấy là", "xin", "cho", "muốn", "lấy", "chọn",
    "lựa", "chọn lại", "bấm", "nhấn", "ấn", "bấm vô", "bấm vào", "trả lời", "trả lời là", "của",
    "vậy", "vậy thì", "thôi thì", "thôi", "để", "sẽ", "xin chọn", "phải là", "phải chọn", "chính là",
    "nhất định", "nhất định là", "vẫn", "vẫn là", "cũng", "nên", "nên chọn", "câu này", "cái này",
    "câu này thì", "câu này là", "cái này là", "bài này", "ở đây", "nè", "đi", "từ", "thứ tự",
    "thứ tự là", "đáp án", "câu trả lời", "kết quả", "ý", "phương án", "tạm", "dứt khoát",
    "biết rồi", "hiểu rồi", "con ơi", "khả năng", "khả năng cao", "khả năng là", "gửi", "đánh",
    "ghi", "quyết định", "đổi lại", "sửa lại", "bầu", "chốt", "chơi", "nhắm", "ưng", "coi bộ",
    "chắc cú", "đại", "chọn đại", "đoán đại", "hên xui", "nhầm", "lộn", "đổi thành", "đổi qua", "bây ơi", "chịu", "tính", "chắc ăn", "chắc ăn là", "giùm", "dùm", "chọn giùm", "chọn dùm", "cỡ", "lẽ ra", "hồi đầu", "chỉ", "chỉ có", "mỗi", "đây là", "này là", "đó là", "tin này", "tin này là",
    "tin nhắn này", "tin nhắn này là", "tin nhắn", "cái tin này", "cái tin này là", "cái này thì",
    "câu đó", "cái đó", "cái đó là", "vụ này", "này", "nầy", "đây", "kêu", "gọi", "xưng", "bằng",
    "kêu bằng", "gọi bằng", "gọi là", "lần này", "giờ", "bây giờ", "hồi nãy",
    *SELF, *KIN, *(f"{kin} ơi" for kin in KIN),
))  # fmt: skip

# What a menu hears besides: somebody says what they want to do.
MENU_LEADS = Phrases((
    "học", "xem", "coi", "vô", "vào", "mở", "qua", "làm", "bài", "bài học", "khóa", "khóa học",
    "phần", "mục", "chương", "tìm hiểu", "muốn học", "cần", "thích", "bắt đầu", "về", "giúp",
    "dùm", "giùm", "đọc", "tới", "sang", "cho coi", "cho xem",
))  # fmt: skip

PARTICLES = Phrases((*_PARTICLES, "ơi"))
ADDRESS = Phrases((
    *_PARTICLES, *_TO_TUTOR, *(f"{kin} ơi" for kin in _TO_TUTOR), "hả",
))  # fmt: skip

TRAILS = Phrases((
    *_PARTICLES, *_TO_TUTOR, *(f"{kin} ơi" for kin in _TO_TUTOR),
    "mấy đứa", "bây", "bây ơi", "các con", "mấy con", "đại", "đại đi", "hên xui", "cơ",
    "rồi", "chứ", "chớ", "hả", "hở", "hử", "quá", "nhất", "chứ gì", "chớ gì", "chứ gì nữa",
    "chớ gì nữa", "chứ sao", "chứ sao nữa", "chớ sao", "chắc", "chắc luôn", "chắc chắn", "cho chắc",
    "cho rồi", "cho lẹ", "cho xong", "được", "được rồi", "được không", "được hông", "được hôn",
    "phải không", "phải hông", "phải hôn", "phải ko", "phải k", "phải hem", "phải hong", "phải khum",
    "đúng không", "đúng hông", "đúng hôn", "đúng ko", "đúng k", "đúng hong", "đúng hem", "đúng khum",
    "phải chưa", "đúng chưa", "đúng", "đúng rồi", "đúng nhất", "là đúng", "là đúng nhất", "mới đúng",
    "mới phải", "phải", "phải rồi", "hợp lý", "hợp lý nhất", "là hợp lý", "là hợp lý nhất",
    "là cái chắc", "là chắc", "là chắc ăn", "thử", "thử coi", "coi sao", "xem sao", "giùm", "dùm",
    "giúp", "ok", "okie", "oke", "cảm ơn", "cám ơn", "đúng đó", "là đáp án đúng", "đáp án đúng",
    "là câu trả lời", "là câu đúng", "theo tui", "theo tôi", "tui nghĩ vậy", "tui chọn", "tui chọn đó",
    "tôi chọn", "trơn", "hết trơn", "rành rành", "rõ ràng", "hoàn toàn", "100 %", "100 phần trăm",
    "một trăm phần trăm", "an toàn nhất", "thiệt", "là ok", "chắc ăn", "liền", "trước đi", "là tốt nhất",
    "tốt nhất", "hay sao", "chắc vậy", "ý là vậy", "là xong",
))  # fmt: skip

# "Hả?" after a verdict asks instead of answering: "thật hả con".
ECHOES = Phrases((
    "hả", "hở", "hử", "không", "hông", "hôn", "hong", "hổng", "ko", "k", "hem", "khum", "sao",
    "đúng không", "đúng hông", "chưa",
))  # fmt: skip
TAGS = Phrases(("hông", "hôn", "hong", "hem", "khum"))

BECAUSE = Phrases(("vì", "bởi vì", "tại vì", "tại", "bởi", "do", "vì là", "cho nên", "vì sợ"))
AND = Phrases((
    "và", "với", "vs", "cùng", "cùng với", "cộng", "cộng với", "lẫn", "thêm", "thêm số", "cả",
))  # fmt: skip
OR = Phrases(("hay", "hoặc", "hay là", "hoặc là", "hay hoặc"))
UP_TO = Phrases(("tới", "đến"))
EXCEPT = Phrases(("trừ", "trừ ra", "ngoại trừ", "bỏ", "trừ cái", "không lấy"))
ALL = Phrases((
    "tất cả", "hết", "chọn hết", "lấy hết", "hết luôn", "tất", "toàn bộ", "hết thảy", "cả thảy",
    "tất cả luôn", "tất cả các câu", "tất cả các ý", "tất tần tật", "hết trơn", "tất cả đều đúng",
    "đúng hết", "đều đúng", "câu nào cũng đúng", "cái nào cũng đúng", "chọn tất cả", "đủ hết",
))  # fmt: skip
THEN = Phrases((
    "rồi", "rồi tới", "rồi đến", "tới", "đến", "xong", "xong tới", "xong rồi", "sau đó", "rồi mới",
    "kế", "kế đó", "kế tiếp", "kế là", "tiếp", "tiếp theo", "tiếp đến", "tiếp theo là", "trước",
    "trước tiên", "đầu tiên", "đầu tiên là", "trước tiên là", "trước hết", "sau", "sau cùng",
    "cuối cùng", "cuối cùng là", "cuối", "sau chót", "chót", "mới", "mới tới", "rồi sau đó", "và",
    "rồi cuối cùng", "xong mới", "đầu", "bắt đầu", "trước nhất", "rốt cuộc", "bước", "thì", "với",
    "rồi kế", "rồi cuối", "kế đến", "kế tới", "xong thì", "sau cùng là", "sau đó là", "sau đó tới", "làm",
    "xếp", "xếp là", "sắp", "xếp lại", "xếp lại là",
))  # fmt: skip
DEICTIC = Phrases((
    "cái này", "này", "nầy", "đây", "câu này", "ý này", "chọn", "chọn cái này", "cái đó", "vậy",
    "cái này nè", "nè", "đáp án này", "chọn này", "cái nầy", "như vầy", "như vậy", "cái ni", "dòng này",
))  # fmt: skip
NOT = Phrases((
    "không", "ko", "k", "kg", "khg", "kh", "kô", "hông", "hong", "hổng", "hok", "hôk", "hôn", "hem",
    "hum", "khum", "khong", "hỏng", "chẳng", "chả", "hông có", "không có", "không phải",
    "không phải là", "hông phải", "hổng phải", "hong phải", "hông phải là", "hổng phải là",
    "ko phải", "k phải", "ko phải là", "hok phải", "chưa phải", "đâu có", "đâu phải", "đâu phải là",
    "làm gì có", "đâu", "chưa",
))  # fmt: skip
