"""Names of people in a text: announced, with a post or title, or veiled; known by their surnames."""

import re
from itertools import chain

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏"
    "吕丁沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万"
    "钱严覃武戴莫孔汤温欧易农蒙甘凌翁庞樊兰殷施洪康牛文章梅倪葛伍申尤庄岑闭卓柯聂焦鲁祝古柳童阮詹"
    "齐辛骆霍耿符俞季裴鲍包翟邢涂纪苗谷岳舒屈褚卫赖乔颜蓝靳柴喻祁滕饶牟穆缪芦麦娄窦戚瞿佟臧闵邬卞姬"
    "栾隋甄虞佘邝巫寇敖冼"
)
_RARE = _SURNAMES | frozenset("任时应于向常安成连管关单毕强游路尚冉郎曲仇蒲解艾党盛")
"""Surnames that are everyday words as well: believed only where a name is announced."""
_COMPOUND = frozenset({"欧阳", "上官", "司马", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐"})
_WORDS = (
    "最提偏太-高-高薪空压龄度楼级中兴标价额温档层 立-马-上路虎 资现基奖租押罚定本税保公-金-贵额钱库属融牌 "
    "-石-桥头板材油灰化 望长滨-江-畔边水湖苏西 明空-白-条天拿白色云发领 千百十几多上-万-分元一余多块人事科 "
    "收交花给要管的出多块拿现-钱-款数财物 -黄-色金线牌昏 "
    "对双地官各甲乙三多警我一单平立主业园设校院租卖买供资-方-便案式法面向针言 也允准不或-许-久多可诺 "
    "如为-何-时况人事处种必为以来 一两几每纸主-张-贴榜开口罗 行-李-子 -陈-旧列述设 -杨-树柳梅 园树-林-地荫业场木 "
    "-叶-子片 -毛-巾病坯毯主 红承发打外分面-包-工干括装办庇子裹 历-史-料 -龙-头虾 从-严-格重厉肃禁密管查 儿-童-车年装 "
    "-凌-晨乱 措实设-施-工行肥方 工流过日全课里议-程-序度 公印规盖图用-章-程节 公发条作-文-件明化书字体具员 "
    "健小-康-复乐 降体-温-度馨暖室差 分-钟-头 其剩业多结空年-余-额款下地 示规防模典师-范-围文 阶时路手地-段-落 "
    "祝-贺-卡礼 -祝-福 照回兼不-顾-问客虑 不未-曾-经在任多有被 交容贸简轻不-易-拉燃腐懂错 惠务-农-民村业药历贸家户 "
    "-武-装术 -杜-绝 大登-陆-续 -夏-天季 桥房-梁- 奶-牛-奶肉羊 树疫-苗-木 稻-谷-物 复-苏-打 粗-鲁-班 重-申-请报诉领 "
    "世年经违-纪-律委念检工 村-庄-稼 -古-建树镇 保门-卫-生 不相-符-合 四雨换旺淡-季-度节 -胡-乱说来同 -罗-列 -唐-突 "
    "-汤-水 -孔-洞 -熊-猫 -孟-子 -焦-急虑 -舒-适服 委-屈- -甘-蔗愿 -蒙-混 -兰-花 -欧-元 艰-辛-苦 -丁-点 -柳-树 -梅-花 "
    "防-洪-水 感多答致-谢-谢 -孙-子 -应-当该急有得由付 届按及-时-间候任常时 担主-任-何命务期 经-常-年务常住委 "
    "公治保-安-排全装置保 -成-立本员果 -连-续带 -管-理辖 有相机-关-于系门 由对-于- -单-位元据亲 -路-灯口面 -强-调制 "
    "-游-客 依信耍抵-赖-账皮 -乔-迁 火-柴-油火 小-麦-克子 -颜-色料 -蓝-色天 -曲-折线 "
)
"""Words of daily use around what is also a surname: the signs that make one with it before, and those after."""
_ORDINARY = frozenset(
    word
    for before, name, after in re.findall("([^- ]*)-(.)-([^- ]*)", _WORDS)
    for word in chain((first + name for first in before), (name + last for last in after))
)
_PLACES = frozenset("店厂街村镇乡县区局校院社")
_NEVER = _PLACES | frozenset(
    "部厅所处组队站场馆栋层说住的收拿被把让没不吗呢了问找签就很已叫给对与及着过得那这你我他她它们些某各再姓费"
)
"""What is no part of a given name."""
_AFTER = _NEVER | frozenset(
    "是在来去到和跟向从也都还又才会能曾经于因为由将同或等只总请打办管发开做带骗吃用卖租搬私放占贴告答写记自今昨当个一两三几多"
    "家系男女身电手反举要先早兼指掐批送派选定领交扣挪师大阿叔老书主副现年月日出"
)
"""What may follow a name."""
_HAN = "[\u4e00-\u9fff]"
_POSTS = (
    "网格[员长]|楼栋?长|支?书记(?!录)|主任|会计(?![师科])|出纳|委员(?!会)|民警|保安|社工|干事|[站所队组科局处]长|经理"
    "|老板(?!娘)|主席|保洁|电工|代表"
)
_TOTALS = "是共体价数结而之归有要算在额计会务理量面部管店校觉能说得想把不统包预"
_ANNOUNCED = re.compile(
    r"(?:我叫|我?名叫|名字(?:是|叫|:)|姓名|联系人|联络人|经办人|本人叫|真名)(?:[:\s]|是|为|叫){0,3}"
    r"|(?:负责人|申请人|户主|业主|举报人|投诉人|反映人|收款人|户名|当事人|承租人|代表人?|法人|代办人|监护人|家属|签[名字]人?|称呼"
    r"|老伴|丈夫|妻子|儿子|女儿)\s?(?::|是|叫)\s*"
)
_TITLED = re.compile(
    rf"(?:本人|我是|当事人|举报人|[户业]主|[住租]户|低保户|五保户|承租人|经手人|房东|包工头|军人|儿子|女儿|儿媳|女婿|老伴"
    rf"|丈夫|妻子|{_POSTS})\s?"
)
_TITLE = re.compile(
    rf"(?:同志|先生|女士|小姐|师傅|大[爷妈娘叔婶哥姐]|阿姨|叔叔|伯伯|奶奶|爷爷|婆婆|老师|医生|副?(?:{_POSTS})|[叔婶伯姨嫂哥姐]"
    rf"|总(?![{_TOTALS}]))(?!们)"
)
_ASIDE = re.compile(rf"[,、\s(]{{1,2}}[男女](?!{_HAN})|\((?={_POSTS})")
_DOTTED = re.compile(f"{_HAN}{{1,6}}[·•]{_HAN}{{1,6}}")
_VEILED = re.compile(f"[{''.join(sorted(_SURNAMES))}]某(?:某|(?![些个种天年月日处栋楼家户部单社小位次]))")
_SURNAME = re.compile(f"(?<=[我他她主头]姓)[{''.join(sorted(_SURNAMES))}](?!{_HAN})")


def names_in(line: str) -> list[tuple[int, int]]:
    """Where names of people begin and end; a surname together with its title is one. They may overlap."""
    marks = [mark.end() for mark in _ANNOUNCED.finditer(line)]
    announced = [_name(line, at, _RARE) for at in marks]
    titled = [_name(line, mark.end(), _SURNAMES) for mark in _TITLED.finditer(line)]
    before = [_name_before(line, mark) for mark in chain(_TITLE.finditer(line), _ASIDE.finditer(line))]
    veiled = [hit.span() for hit in _VEILED.finditer(line) if not _is_ordinary(line, hit.start())]
    spans = [(hit[0], hit[1]) for hit in (*announced, *(hit for hit in titled if hit and hit[2])) if hit]
    spans += [dotted.span() for at in marks if (dotted := _DOTTED.match(line, at))]
    return [*spans, *filter(None, before), *veiled, *(hit.span() for hit in _SURNAME.finditer(line))]


def _is_ordinary(line: str, at: int) -> bool:
    return line[at : at + 2] in _ORDINARY or line[max(0, at - 1) : at + 1] in _ORDINARY


def _name(line: str, at: int, surnames: frozenset[str]) -> tuple[int, int, bool] | None:
    """The full name that begins here, and whether what follows shows where it ends."""
    given = at + 1 + (line[at : at + 2] in _COMPOUND)
    if (given == at + 1 and line[at : at + 1] not in surnames) or _is_ordinary(line, at):
        return None
    found = re.compile(f"{_HAN}{{1,3}}").match(line, given)
    letters = found[0] if found else ""
    if not letters or letters[0] in _NEVER or _PLACES & set(letters):
        return None
    if letters[1:2] in _NEVER or len(letters) == 1 or (len(letters) == 3 and letters[1] in _AFTER):
        return at, given + 1, True
    return at, given + 2, len(letters) == 2 or letters[2] in _AFTER


def _name_before(line: str, title: re.Match[str]) -> tuple[int, int] | None:
    """A full name before a title or an aside on it, or a surname together with a title."""
    at, is_aside = title.start(), title.re is _ASIDE
    for start in range(max(0, at - 4), at):
        given = line[start + 1 + (line[start : start + 2] in _COMPOUND) : at]
        known = line[start] in _SURNAMES or line[start : start + 2] in _COMPOUND
        fits = len(given) <= 2 and not _NEVER & set(given) and re.fullmatch(f"{_HAN}*", given)
        if known and fits and not _is_ordinary(line, start):
            stands = given and not re.match(_HAN, line[max(0, start - 1) : start])
            return (start, at if given else title.end()) if stands or not is_aside else None
    return None
