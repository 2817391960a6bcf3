"""Made-up catalogues and questions for growth_bench.py: the same for the same seed.

A topic is a title of 12 characters and a body of 60, of words that administrations use and of names made from
characters that names are made of; between them stand characters as frequent as they are in Chinese. A question is some
parts of a title that no other title has together, perhaps a word of the body, and asking words; one of every five has a
character dropped or written as another that sounds the same.
"""
import itertools
import random

PLACES = """瑞安 锦湖 安阳 玉海 塘下 莘塍 飞云 马屿 仙降 湖岭 高楼 平阳乡 陶山 桐浦 林川 曹村 温州 鹿城 龙湾 瓯海 洞头 乐清 永嘉
    苍南 龙港 文成 泰顺 台州 丽水 宁波 杭州 绍兴 嘉兴 湖州 金华 衢州 舟山 东山 南滨 汀田 潘岱 云周 上望 北麂 平阳坑 芳庄 宁益
    城东 城西 城南 城北 新居 万松 西山 沿江 隆山 虹桥 解放路 外滩 周湖 沙洲 岩头 河埭 三圣门 小东门 西门 滨江""".split()
GROUPS = """老人 儿童 妇女 残疾人 学生 职工 农民 军属 孤儿 独居户 低保户 低收入 困难户 新居民 退役兵 失业者 孕产妇 高龄者 烈属 侨眷
    居民 住户 租户 业主 商户 渔民 患者 家长 青年 毕业生 残疾儿 留守儿 单亲户 零就业 重病户 优抚户 失独户 特困户 外来工 志愿者""".split()
MATTERS = """护理补贴 生活补贴 高龄津贴 医疗救助 临时救助 住房补贴 公租房 老旧改造 加装电梯 危房改造 养老金 失能评估 康复训练 辅具租借
    无障碍 社保卡 医保卡 居住证 身份证 户口簿 残疾证 优待证 老年证 结婚证 准生证 出生证 收养证 流动证 食堂用餐 助餐点 托管班 托育费
    学费减免 营养餐 助学金 奖学金 就业援助 创业贷款 技能培训 失业金 工伤金 生育金 丧葬费 抚恤金 慰问金 取暖费 水电费 燃气费 垃圾费
    停车位 充电桩 路灯 下水道 化粪池 污水管 消防栓 门禁卡 监控 绿化带 健身房 图书室 文化站 法律援助 人民调解 劳动仲裁 信访件 反诈宣传
    防台风 防汛 献血 疫苗 体检 家医签约 慢病药 精神病 戒毒康复 婚前检查 殡葬服务 公墓 土地征收 宅基地 拆迁款 物业费 维修金 房产证 租赁证
    营业执照 摊位证 食品证 犬证 电动车 驾驶证 公交卡 智慧屏 网格员 微心愿 积分入学 义务教育 老年大学 日间照料 家庭床位""".split()
ACTIONS = """申请 发放 认定 审核 登记 变更 注销 补办 换证 年审 查询 缴费 报销 减免 退费 公示 投诉 举报 预约 评定 续期 转移 备案 核销 领取
    复核 迁入 迁出 办理 停发""".split()
ASKING = """怎么办 多少钱 在哪里 请问 什么时候 要什么材料 谁可以 怎么弄 电话多少 能不能 有没有 我想问 几点开门 找谁 去哪办 要多久 帮我查
    可以吗""".split()
BODY = """本人 家庭 户籍 材料 申请人 身份证 复印件 窗口 受理 工作日 符合 条件 标准 每月 每人 发放 银行 账户 社区 街道 民政 部门 审批 公示
    提供 证明 收入 财产 核对 以上 以下 不得 超过 享受 政策 待遇 按照 规定 办理 时间 地点 电话 咨询 监护人 代办 委托 网上 掌上 平台 登录
    填写 表格 签字 盖章 提交 初审 复审 通过 结果 通知 短信 资金 到账 年度 复查 停止 情况 变化 及时 报告 责任 法律 追回 服务 中心 大厅
    一楼 周末 节假日 预约 现场 排队 免费 收费 原件 照片 一寸 户主 成员 父母 子女 配偶 房屋 租金 面积 医院 诊断 级别 鉴定 报告单""".split()
BY_FREQUENCY = """的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去
    法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将
    两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解
    水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社
    便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让
    识候带导争运""".replace("\n", "").replace(" ", "")
IN_NAMES = """安平和福兴龙新东南金山水林大江河湖海桥溪头塘下上坑岩垟屿浦岙坦川口岭底陈王李张黄周吴徐朱马胡郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董
    袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾韦方白邹孟熊秦邱侯尹薛雷贺龚古村前后中西北永长泰康宁顺德仁义信礼智文明华国建光荣庆丰祥瑞
    嘉祖宏达利民富贵春夏秋冬梅兰竹菊松柏杨柳桃桂花云星月日阳青红绿""".replace("\n", "").replace(" ", "")
SAME_SOUND = """补捕哺 贴帖 申伸深身 请情清晴 登灯等 记计寄 残惨 疾及急 护户互 理里礼 养氧痒 老佬 低滴底 保宝饱 房防仿 住注助 证正症 办半扮
    费肥废 医依衣 社设射 卡咖 金今斤 救就旧 助住祝 津今金 高告 龄零铃 生升声 活或火 学雪 户护 口扣 身深 份分粉 公工供 租足组 改该盖 造照早 电店点
    梯题提 水睡 路露录 道到倒 车扯 安按岸 瑞锐 湖胡糊 锦紧仅 东冬动 西希洗 南男难 北背 城成程 山三衫 海还害 塘糖汤 平评瓶 阳羊杨 退腿 役疫 军均君
    人仁任 儿而 童同 妇富付 工公 失师湿 业夜叶 业页 慰喂 问文闻 抚府 恤续 发法 放访 领令 取去 认任 定订 审沈 核河何 查茶 变便 更耕 注住 销消
    换还唤 年念 报抱 减简 免面 公功 示是市 投头 诉素 举局 预遇 约月 评凭 续需 期其 转专 移疑 迁前 入如 停听""".split()


def zipf(characters):
    """The n-th weighs 1 / (n + 2): the first of all does not swamp the text."""
    return characters, list(itertools.accumulate(1 / (n + 3) for n in range(len(characters))))


TEXT, NAMES = zipf(BY_FREQUENCY), zipf(IN_NAMES)


def characters(random_, of, count):
    return "".join(random_.choices(of[0], cum_weights=of[1], k=count))


def make_title(random_):
    """Its parts: place, a name, group, matter, action; 12 characters together."""
    place, group, matter, action = (random_.choice(words) for words in (PLACES, GROUPS, MATTERS, ACTIONS))
    name = characters(random_, NAMES, 12 - len(place + group + matter + action))
    return (place, name, group, matter, action) if name else make_title(random_)


def make_body(random_, title):
    """60 characters, and the words and names among them."""
    text, words = "", []
    while len(text) < 60:
        kind = random_.random()
        if kind < 0.15:
            text += characters(random_, TEXT, random_.choice((1, 2, 3)))
            continue
        if kind < 0.25:
            word = characters(random_, NAMES, random_.choice((2, 3)))
        elif kind < 0.33:
            word = random_.choice(title)
        elif kind < 0.40:
            word = random_.choice(random_.choice((PLACES, GROUPS, MATTERS, ACTIONS)))
        else:
            word = random_.choice(BODY)
        text += word
        words.append(word)
    return text[:60], words[:-1]


def make_topics(count, seed):
    """Rows (code, title, short answer, description), and beside them (parts of the title, words of the body)."""
    random_, rows, parts = random.Random(seed), [], {}
    while len(rows) < count:
        title = make_title(random_)
        if title in parts:
            continue
        body, parts[title] = make_body(random_, title)
        rows.append(("T%06d" % len(rows), "".join(title), body[:24], body[24:]))
    return rows, list(parts.items())


def misspell(random_, text):
    at = random_.randrange(len(text))
    others = [c for group in SAME_SOUND if text[at] in group for c in group if c != text[at]]
    return text[:at] + (random_.choice(others) if others and random_.random() < 0.7 else "") + text[at + 1:]


def topics_by_part(parts):
    topics = {}
    for topic, (title, _) in enumerate(parts):
        for part in title:
            topics.setdefault(part, set()).add(topic)
    return topics


def make_question(random_, title, body, having):
    """The topic's own words, and asking words: 4 to 14 characters. Or None: the words lead elsewhere, too."""
    chosen = [title[i] for i in sorted(random_.sample(range(len(title)), random_.choice((2, 3, 3, 4))))]
    if len(set.intersection(*(having[part] for part in chosen))) != 1:
        return None
    own = "".join(chosen) + (random_.choice(body) if random_.random() < 0.4 else "")
    asking = random_.choice(ASKING) if random_.random() < 0.7 else ""
    return (own, asking) if len(own) >= 4 and len(own + asking) <= 14 else None


def make_questions(rows, parts, count, seed):
    """Pairs (code, question)."""
    random_, having, questions = random.Random(seed), topics_by_part(parts), []
    while len(questions) < count:
        topic = random_.randrange(len(rows))
        question = make_question(random_, *parts[topic], having)
        if not question:
            continue
        own, asking = question
        if len(questions) % 5 == 0:
            own = misspell(random_, own)
        questions.append((rows[topic][0], asking + own if random_.random() < 0.3 else own + asking))
    return questions
