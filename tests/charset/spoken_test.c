/* charset/spoken.c: what is said for a text. */
#include "charset/spoken.h"

#include <string.h>

static const struct {
    const char *text, *pinyin;
} table[] = {
    { "银行长期补贴", "yin2 hang2 chang2 qi1 bu3 tie1" },
    { "重度残疾人护理补贴", "zhong4 du4 can2 ji2 ren2 hu4 li3 bu3 tie1" },
    { "198万元", "yi1 bai3 jiu3 shi2 ba1 wan4 yuan2" },
    { "2023年", "er4 ling2 er4 san1 nian2" },
    { "77.47%", "bai3 fen1 zhi1 qi1 shi2 qi1 dian3 si4 qi1" },
    { "打12345", "da3 yao1 er4 san1 si4 wu3" },
    { "咨询电话：12385，110", "zi1 xun2 dian4 hua4, yao1 er4 san1 ba1 wu3, yao1 yao1 ling2" },
    { "2023-12-31", "er4 ling2 er4 san1 nian2 shi2 er4 yue4 san1 shi2 yi1 ri4" },
    { "发送CL02", "fa1 song4 C L ling2 er4" },
    { "1.申请2.审核", "di4 yi1, shen1 qing3 di4 er4, shen3 he2" },
    { "1. 带身份证", "di4 yi1, dai4 shen1 fen4 zheng4" },
    { "办理流程：1.申请 2.审核 3.发放",
      "ban4 li3 liu2 cheng2, di4 yi1, shen1 qing3 di4 er4, shen3 he2 di4 san1, fa1 fang4" },
    { "咨询电话：0577-65880000、65880001转8021",
      "zi1 xun2 dian4 hua4, ling2 wu3 qi1 qi1, liu4 wu3 ba1 ba1 ling2 ling2 ling2 ling2, liu4 wu3 "
      "ba1 ba1 ling2 ling2 ling2 yao1 zhuan3 ba1 ling2 er4 yao1" },
    { "13812345678", "yao1 san1 ba1 yao1 er4 san1 si4 wu3 liu4 qi1 ba1" },
    { "12345元", "yi1 wan4 er4 qian1 san1 bai3 si4 shi2 wu3 yuan2" },
    { "共12345人", "gong4 yi1 wan4 er4 qian1 san1 bai3 si4 shi2 wu3 ren2" },
    { "每月125-500元", "mei3 yue4 yi1 bai3 er4 shi2 wu3 dao4 wu3 bai3 yuan2" },
    { "10%-20%", "bai3 fen1 zhi1 shi2 dao4 bai3 fen1 zhi1 er4 shi2" },
    { "10-20%", "bai3 fen1 zhi1 shi2 dao4 bai3 fen1 zhi1 er4 shi2" },
    { "8:30—11:30，14:00—17:00", "ba1 dian3 san1 shi2 fen1 dao4 shi2 yi1 dian3 san1 shi2 fen1, "
                                 "shi2 si4 dian3 dao4 shi2 qi1 dian3" },
    { "2023年5月1日至2025年12月31日", "er4 ling2 er4 san1 nian2 wu3 yue4 yi1 ri4 zhi4 er4 ling2 "
                                      "er4 wu3 nian2 shi2 er4 yue4 san1 shi2 yi1 ri4" },
    { "2021-2025年", "er4 ling2 er4 yi1 dao4 er4 ling2 er4 wu3 nian2" },
    { "瑞政发〔2023〕12号", "rui4 zheng4 fa1, er4 ling2 er4 san1, shi2 er4 hao4" },
    { "安阳路302室", "an1 yang2 lu4 san1 ling2 er4 shi4" },
    { "2个月内", "liang3 ge4 yue4 nei4" },
    { "第2名", "di4 er4 ming2" },
    { "2000元", "liang3 qian1 yuan2" },
    { "20000元", "liang3 wan4 yuan2" },
    { "10010元", "yi1 wan4 ling2 yi1 shi2 yuan2" },
    { "1,234,567.89元",
      "yi1 bai3 er4 shi2 san1 wan4 si4 qian1 wu3 bai3 liu4 shi2 qi1 dian3 ba1 jiu3 yuan2" },
    { "100000000元", "yi1 yi4 yuan2" },
    { "0.5元", "ling2 dian3 wu3 yuan2" },
    { "3.5‰", "qian1 fen1 zhi1 san1 dian3 wu3" },
    { "1/3", "san1 fen1 zhi1 yi1" },
    { "500元/月", "wu3 bai3 yuan2 mei3 yue4" },
    { "一个人，不是一次性，不能不交", "yi2 ge4 ren2, bu2 shi4 yi2 ci4 xing4, bu4 neng2 bu4 jiao1" },
    { "第一次，统一，星期一，一级残疾，一月，一起，一般",
      "di4 yi1 ci4, tong3 yi1, xing1 qi1 yi1, yi1 ji2 can2 ji2, yi1 yue4, yi4 qi3, yi4 ban1" },
    { "为了处理办事处，因为认为", "wei4 le5 chu3 li3 ban4 shi4 chu4, yin1 wei4 ren4 wei2" },
    { "教育、种植、种类、应当、应用",
      "jiao4 yu4, zhong4 zhi2, zhong3 lei4, ying1 dang1, ying4 yong4" },
    { "丧葬补助、丧失、产假、假肢", "sang1 zang4 bu3 zhu4, sang4 shi1, chan3 jia4, jia3 zhi1" },
    { "子女、儿子、孩子、电子", "zi3 nv3, er2 zi5, hai2 zi5, dian4 zi3" },
    { "一会儿，这儿，幼儿", "yi2 hui4 er5, zhe4 er5, you4 er2" },
    { "（一）申请（二）审核", "yi1, shen1 qing3, er4, shen3 he2" },
    { "①身份证②户口簿", "di4 yi1, shen1 fen4 zheng4. di4 er4, hu4 kou3 bu4" },
    { "60周岁（含）以上", "liu4 shi2 zhou1 sui4, han2, yi3 shang4" },
    { "¥500", "wu3 bai3 yuan2" },
    { "增长率绿色旅游女性", "zeng1 zhang3 lv4 lv4 se4 lv3 you2 nv3 xing4" },
    { "王*明 330381********123X", "wang2, ming2 san1 san1 ling2 san1 ba1 yao1, yao1 er4 san1 X" },
    { "www.ruian.gov.cn", "W W W dian3 R U I A N dian3 G O V dian3 C N" },
    { "拨打120", "bo1 da3 yao1 er4 ling2" },
    { "满120元", "man3 yi1 bai3 er4 shi2 yuan2" },
    { "銀行補貼", "yin2 hang2 bu3 tie1" },
    { "〇", "ling2" },
    { "-5", "fu4 wu3" },
    { "3:2", "san1 bi3 er4" },
    { "A4纸", "A si4 zhi3" },
    { "5000", "wu3 qian1" },
    { "96345", "jiu3 liu4 san1 si4 wu3" },
    { "比例3:2", "bi3 li4 san1 bi3 er4" },
    { "330381********123X", "san1 san1 ling2 san1 ba1 yao1, yao1 er4 san1 X" },
    { "1234567890123456789元", "yao1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3 ling2 yao1 er4 san1 si4 "
                               "wu3 liu4 qi1 ba1 jiu3 yuan2" },
    { "1,234,567,890,123,456,789元",
      "yi1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3 ling2 yi1 er4 san1 si4 wu3 liu4 qi1 ba1 jiu3 yuan2" },
    { "第1页，共3页", "di4 yi1 ye4, gong4 san1 ye4" },
    { "残疾", "can2 ji2" },
    { "调解会计", "tiao2 jie3 kuai4 ji4" },
    { "还款重新", "huan2 kuan3 chong2 xin1" },
    { "不要不对不好", "bu2 yao4 bu2 dui4 bu4 hao3" },
    { "为人民服务，为您服务，称为", "wei4 ren2 min2 fu2 wu4, wei4 nin2 fu2 wu4, cheng1 wei2" },
    { "一百元", "yi4 bai3 yuan2" },
    { "因病致贫", "yin1 bing4 zhi4 pin2" },
    { "请假、假期", "qing3 jia4, jia4 qi1" },
    { "打12345人工服务", "da3 yao1 er4 san1 si4 wu3 ren2 gong1 fu2 wu4" },
    { "12345人", "yi1 wan4 er4 qian1 san1 bai3 si4 shi2 wu3 ren2" },
    { "热线12385", "re4 xian4 yao1 er4 san1 ba1 wu3" },
    { "2023学年", "er4 ling2 er4 san1 xue2 nian2" },
    { "2:00", "liang3 dian3" },
    { "8:05", "ba1 dian3 ling2 wu3 fen1" },
    { "比例为2.5万", "bi3 li4 wei2 er4 dian3 wu3 wan4" },
    { "22个", "er4 shi2 er4 ge4" },
    { "2年级", "er4 nian2 ji2" },
    { "210000元", "er4 shi2 yi1 wan4 yuan2" },
    { "-3℃", "fu4 san1 she4 shi4 du4" },
    { "", "" },
    { "。，、", "" },
    { "กขค", "" },
    { "80㎡", "ba1 shi2 ping2 fang1 mi3" },
    { "第一句\n2. 第二句", "di4 yi1 ju4. di4 er4, di4 er4 ju4" },
    { "\xff低\xfe保", "di1 bao3" }, /* no UTF-8 */
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *pinyin = spoken_pinyin(table[i].text);
        if (strcmp(pinyin, table[i].pinyin))
            g_test_fail_printf("%s: %s, not %s", table[i].text, pinyin, table[i].pinyin);
    }
}

/* Nothing takes more than linear time. */
static void test_long(void)
{
    static const char *const parts[] = { "1",     "1-", "1,111", "2.", "(1",
                                         "电话1", "一", "银行",  "12:" };
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 200000)
            g_string_append(text, parts[i]);
        gint64 start = g_get_monotonic_time();
        g_autofree char *pinyin = spoken_pinyin(text->str);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 3 * G_USEC_PER_SEC);
        g_assert_cmpuint(strlen(pinyin), >, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spoken/table", test_table);
    g_test_add_func("/spoken/long", test_long);
    return g_test_run();
}
