#include "db/place.h"

#include <string.h>

/* Provinces, their capitals, the cities people most often have to do with, and the counties next to
 * ours, which pay by their own lists. Neither Wenzhou's nor Zhejiang's own name: what holds there
 * holds here. */
static const char *const places[] = {
    "北京",     "上海",   "天津",     "重庆", "广州",     "深圳", "南京",   "苏州", "无锡",
    "常州",     "南通",   "徐州",     "扬州", "杭州",     "宁波", "绍兴",   "嘉兴", "湖州",
    "金华",     "义乌",   "台州",     "丽水", "衢州",     "舟山", "合肥",   "福州", "厦门",
    "泉州",     "南昌",   "济南",     "青岛", "烟台",     "郑州", "洛阳",   "武汉", "长沙",
    "南宁",     "桂林",   "海口",     "三亚", "成都",     "绵阳", "贵阳",   "昆明", "拉萨",
    "西安",     "兰州",   "西宁",     "银川", "乌鲁木齐", "沈阳", "大连",   "长春", "哈尔滨",
    "呼和浩特", "太原",   "石家庄",   "唐山", "香港",     "澳门", "台湾",   "东莞", "佛山",
    "珠海",     "江苏",   "广东",     "福建", "安徽",     "江西", "山东",   "河南", "河北",
    "湖北",     "湖南",   "四川",     "贵州", "云南",     "陕西", "山西",   "辽宁", "吉林",
    "黑龙江",   "广西",   "海南",     "甘肃", "青海",     "宁夏", "新疆",   "西藏", "内蒙古",
    "平阳县",   "苍南",   "乐清",     "永嘉", "文成县",   "泰顺", "龙港",   "洞头", "鹿城区",
    "瓯海",     "龙湾区", "青田",     "玉环", "温岭",     "惠州", "遵义",   "毕节", "上饶",
    "赣州",     "阜阳",   "信阳",     "南阳", "襄阳",     "宜昌", "衡阳",   "岳阳", "曲靖",
    "昭通",     "达州",   "南充",     "美国", "日本",     "韩国", "新加坡", "英国", "法国",
    "意大利",   "加拿大", "澳大利亚",
};

/* What stands before a place that one goes to, comes from or lives in. */
static const char *const before[] = { "去", "到", "在", "从", "来", "往", "回", "转", "是" };
/* What stands behind a place that only describes a person or a hospital. */
static const char *const after[] = { "人",   "看病", "医院", "住院", "就医",   "户口",
                                     "户籍", "来",   "迁",   "转",   "打工",   "上班",
                                     "老家", "过来", "嫁",   "籍",   "的户口", "那边来" };
/* What says that the question is about here, whatever place it names beside. */
static const char *const here[] = { "瑞安", "锦湖", "温州",   "浙江",  "本地",
                                    "这里", "这边", "我们这", "咱们这" };

static gboolean ends_with_any(const char *text, const char *end, const char *const *words,
                              gsize count)
{
    for (gsize i = 0; i < count; i++) {
        gsize len = strlen(words[i]);
        if ((gsize)(end - text) >= len && memcmp(end - len, words[i], len) == 0) return TRUE;
    }
    return FALSE;
}

static gboolean starts_with_any(const char *text, const char *const *words, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        if (g_str_has_prefix(text, words[i])) return TRUE;
    }
    return FALSE;
}

gboolean place_is_elsewhere(const char *folded)
{
    for (gsize i = 0; i < G_N_ELEMENTS(here); i++) {
        if (strstr(folded, here[i])) return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *found = strstr(folded, places[i]);

        if (!found || ends_with_any(folded, found, before, G_N_ELEMENTS(before))) continue;
        found += strlen(places[i]);
        if (g_str_has_prefix(found, "市") || g_str_has_prefix(found, "省")) found += strlen("市");
        if (!starts_with_any(found, after, G_N_ELEMENTS(after))) return TRUE;
    }
    return FALSE;
}
