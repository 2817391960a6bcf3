/* db/import.c: each rule of the data dictionary, what is mended and what is refused, by file, line
 * and column; which files are taken; what is kept of the content before. */
#include "db/import.h"
#include "db/generation.h"
#include "db/store.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const headers[][2] = {
    { "事项.csv", "编号,名称,类别,别名,一句话答复,详细说明,办理对象,补贴标准,办理流程,所需材料,"
                  "办理地点,办理时间,咨询电话,依据,数据日期,核实状态" },
    { "公示数据.csv", "编号,年份,项目,指标,数值,单位,说明,来源" },
    { "工程项目.csv", "名称,类型,编号,位置/所属,状态,进度,年份,说明,来源" },
    { "问答.csv", "编号,问题,答复" },
    { "同义词.csv", "词,同义词" },
    { "俗语.csv", "俗语,意思,说明" },
    { "公告.csv", "标题,内容,开始日期,结束日期,类别" },
    { "个人补贴.csv", "身份证号,姓名,手机号,项目,期间,金额,状态,发放日期,备注" },
};

#define TOPIC  "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n"
#define FIGURE "CL01,2023,补贴,金额,198,万元,多,报道\n"
#define PERSON "999999199001011238,王小明,15400000001,CL01,2023-01,1.00,已发放,2023-12-31,示例\n"

/* A row of the table: one sheet's lines after its header (beside a good 事项.csv), and what must be
 * said: "E行:列" an error, "W行:列" a warning, in the order of the report, errors first. */
static const struct {
    const char *name, *file, *lines, *expected;
} rules[] = {
    { "good topic", "事项.csv", TOPIC, "" },
    { "code in lower case", "事项.csv",
      "cl01"
      ","
      "残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "E2:编号" },
    { "topic in lower case", "公示数据.csv", "cL01,2023,补贴,金额,198,万元,多,报道\n", "E2:编号" },
    { "code with a dash", "事项.csv",
      "CL-01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "E2:编号" },
    { "code in full width", "事项.csv",
      "ＣＬ０１,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "W2:编号" },
    { "code empty as in merged cells", "事项.csv",
      TOPIC ",残补二,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "E3:编号" },
    { "code and name twice", "事项.csv", TOPIC TOPIC, "E3:编号 E3:名称" },
    { "name too long", "事项.csv",
      "CL01,一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一,残疾人服务,甲;乙;丙,答,"
      "说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "E2:名称" },
    { "category of one's own", "事项.csv",
      "CL01,残补,残疾人,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "E2:类别" },
    { "two aliases", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "E2:别名" },
    { "aliases with 、", "事项.csv",
      "CL01,残补,残疾人服务,甲、乙；丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "W2:别名" },
    { "alias empty and twice", "事项.csv",
      "CL01,残补,残疾人服务,甲;;乙;甲;丙; 丁;,答,说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "W2:别名" },
    { "、 in sources is text", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,第四条、第五条,2023-12-31,已核实\n", "" },
    { "web address", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,见HTTP://a.cn,说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "E2:一句话答复" },
    { "address without http", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,请看www.a.cn,说明,,,,,,,12345,文,2023-12-31,已核实\n"
      "CL02,残补二,残疾人服务,甲;乙;丙,请看zwfw.zj.gov.CN。,说明,,,,,,,12345,文,2023-12-31,已核实\n"
      "CL03,残补三,残疾人服务,甲;乙;丙,每月3.5元。办CN卡,说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "E2:一句话答复 E3:一句话答复" },
    { "local phone", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345;0577-65812345,文,2023-12-31,已核实\n",
      "" },
    { "mobile as phone", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,15400000001,文,2023-12-31,已核实\n",
      "W2:咨询电话" },
    { "phone without area code", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,65812345,文,2023-12-31,已核实\n",
      "W2:咨询电话" },
    { "phone without its first 0", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,57765812345,文,2023-12-31,已核实\n"
      "CL02,残补二,残疾人服务,甲;乙;丙,答,说明,,,,,,,1012345678;12345,文,2023-12-31,已核实\n"
      "CL03,残补三,残疾人服务,甲;乙;丙,答,说明,,,,,,,057765812345;01012345678;4001234567,文,"
      "2023-12-31,已核实\n",
      "E2:咨询电话 E3:咨询电话" },
    { "phone with a gap", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345 12385,文,2023-12-31,已核实\n",
      "E2:咨询电话" },
    { "phone in words", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,问社区,文,2023-12-31,已核实\n", "E2:咨询电话" },
    { "date 2023/1/5", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023/1/5,已核实\n", "W2:数据日期" },
    { "date 2023.1.5", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023.1.5,已核实\n", "W2:数据日期" },
    { "date 2023年1月5日", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023年1月5日,已核实\n", "W2:数据日期" },
    { "date 44931", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,44931,已核实\n", "E2:数据日期" },
    { "30 February", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-02-30,已核实\n", "E2:数据日期" },
    { "state", "事项.csv", "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,核实\n",
      "E2:核实状态" },
    { "nothing written as 无", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,无,,,,/,,12345,文,2023-12-31,已核实\n",
      "W2:办理对象 W2:办理地点" },
    { "spaces, zero width, line end", "事项.csv",
      "CL01, "
      "残补　,残疾人服务,甲;乙;丙,答\xe2\x80\x8b,\"说\n明\",,,,,,,12345,文,2023-12-31,已核实\n",
      "W2:名称 W2:一句话答复 W2:详细说明" },
    { "formula", "事项.csv",
      "CL01,=残补,残疾人服务,甲;乙;丙,+答,@说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "E2:名称 E2:一句话答复 E2:详细说明" },
    { "ESC", "事项.csv",
      "CL01,残\x1b补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "E2:名称" },
    { "garbled", "事项.csv",
      "CL01,残\xff补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n", "E2:名称" },
    { "private use", "事项.csv",
      "CL01,残\xee\x80\x80补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "W2:名称" },
    { "one column too many", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;丙,答,说明,,,,,,,12345,文,2023-12-31,已核实,多\n",
      "E2:第 17 列" },
    { "empty rows and columns", "事项.csv", TOPIC ",,,,,,,,,,,,,,,,,,\n , ,\n\n", "" },
    { "topics gone", "事项.csv", "", "E0:" },
    { "quote out of place", "事项.csv", TOPIC "CL02,5\"寸,\n", "E3:名称" },
    { "quote left open", "事项.csv", TOPIC "CL02,\"残补,\n\n", "E3:名称" },

    { "good figure", "公示数据.csv", FIGURE, "" },
    { "unknown topic", "公示数据.csv", "XX99,2023,补贴,金额,198,万元,多,报道\n", "E2:编号" },
    { "year 23", "公示数据.csv", "CL01,23,补贴,金额,198,万元,多,报道\n", "E2:年份" },
    { "year 2023年", "公示数据.csv", "CL01,2023年,补贴,金额,198,万元,多,报道\n", "W2:年份" },
    { "later year, other source", "公示数据.csv", "CL01,2031,补贴,金额,198,万元,多,另一份报告\n",
      "" },
    { "value with a unit", "公示数据.csv", "CL01,2023,补贴,金额,198万,元,多,报道\n", "E2:数值" },
    { "value 400+", "公示数据.csv", "CL01,2023,补贴,金额,400+,名,多,报道\n", "E2:数值" },
    { "value in full width", "公示数据.csv", "CL01,2023,补贴,金额,１９８．５,万元,多,报道\n",
      "W2:数值" },
    { "value with commas", "公示数据.csv", "CL01,2023,补贴,金额,\"¥1,234,567.5\",元,多,报道\n",
      "W2:数值" },
    { "value with odd commas", "公示数据.csv", "CL01,2023,补贴,金额,\"12,34\",元,多,报道\n",
      "E2:数值" },
    { "value with a gap", "公示数据.csv", "CL01,2023,补贴,金额,198 400,元,多,报道\n", "E2:数值" },
    { "value scientific", "公示数据.csv", "CL01,2023,补贴,金额,1.23E+17,元,多,报道\n", "E2:数值" },
    { "figure twice", "公示数据.csv", FIGURE "CL01,2023,补贴,人数,4,名,,报道\n" FIGURE, "E4:编号" },

    { "good project", "工程项目.csv", "锦桥,治水工程,CL01,,建设中,过半,2024,,报道\n", "" },
    { "project type, state", "工程项目.csv", "锦桥,修路,CL01,,在建,过半,2024,,报道\n",
      "E2:类型 E2:状态" },
    { "project twice", "工程项目.csv",
      "锦桥,治水工程,CL01,,建设中,过半,2024,,报道\n锦桥,治水工程,CL01,,建设中,过半,2024,,报道\n",
      "E3:名称" },

    { "good question", "问答.csv", "CL01,怎么领？,去街道。\n", "" },
    { "question mark of ASCII", "问答.csv", "CL01,怎么领?,去街道。\n", "W2:问题" },
    { "no question mark", "问答.csv", "CL01,申领办法,去街道。\n", "E2:问题" },
    { "question twice", "问答.csv", "CL01,怎么领？,去街道。\nCL01,怎么领？,去社区。\n", "E3:问题" },

    { "good synonyms", "同义词.csv", "低保,吃低保;低保户\n", "" },
    { "good lay words", "俗语.csv", "揭不开锅,CL01,\n瞎了,CL01;视力残疾,看不见\n", "" },
    { "lay word of a topic that is not there", "俗语.csv", "揭不开锅,CL01;ZZ99,\n", "E2:意思" },
    { "lay word twice", "俗语.csv", "揭不开锅,CL01,\n揭不开锅,CL01,\n", "E3:俗语" },
    { "lay word without a meaning", "俗语.csv", "揭不开锅,,\n", "E2:意思" },
    { "word in two groups", "同义词.csv", "低保,吃低保;低保户\n救助,低保户\n", "E3:同义词" },
    { "term among its variants", "同义词.csv", "低保,低保;低保户\n", "E2:同义词" },

    { "good notice", "公告.csv", "标题,内容,2024-01-01,2024-01-01,住房保障\n", "" },
    { "notice ends before it begins", "公告.csv", "标题,内容,2024-01-02,2024-01-01,住房保障\n",
      "E2:结束日期" },
    { "no notices", "公告.csv", "", "W0:" },

    { "ID number in public", "公告.csv",
      "标题,王小明（999999199001011238）领,,,住房保障\n"
      "标题二,证号99999919900101122x。,,,住房保障\n",
      "E2:内容 E3:内容" },
    { "ID number in a list", "事项.csv",
      "CL01,残补,残疾人服务,甲;乙;999999199001011238,答,说明,,,,,,,12345,文,2023-12-31,已核实\n",
      "E2:别名" },
    { "bank card in public", "公告.csv", "标题,卡号6222020000000000000,,,住房保障\n", "W2:内容" },
    { "mobile in public", "公告.csv",
      "标题,找老王13800138000,,,住房保障\n标题二,找+8613800138000。,,,住房保障\n",
      "W2:内容 W3:内容" },
    { "long numbers of other kinds", "公告.csv",
      "标题,文号999999199001011230、9999991990010112380、M999999199001011238,,,住房保障\n"
      "标题二,编号12800138000、138001380001和A13800138000,,,住房保障\n"
      "标题三,票号6222020000000000001；代码999999199013011233,,,住房保障\n",
      "" },

    { "good person", "个人补贴.csv", PERSON, "W0:" },
    { "ID scientific", "个人补贴.csv", "9.99E+17,王小明,,CL01,2023,1.00,已发放,2023-12-31,示例\n",
      "E2:身份证号 W0:" },
    { "ID ends 000", "个人补贴.csv",
      "999999199001021000,王小明,,CL01,2023,1.00,已发放,2023-12-31,示例\n", "E2:身份证号 W0:" },
    { "ID check digit", "个人补贴.csv",
      "999999199001011234,王小明,,CL01,2023,1.00,已发放,2023-12-31,示例\n", "E2:身份证号 W0:" },
    { "ID too short", "个人补贴.csv",
      "99999919900101123,王小明,,CL01,2023,1.00,已发放,2023-12-31,示例\n", "E2:身份证号 W0:" },
    { "ID with gaps", "个人补贴.csv",
      "999999 19900101 1238,王小明,,CL01,2023,1.00,已发放,2023-12-31,示例\n", "W2:身份证号 W0:" },
    { "name with ?", "个人补贴.csv",
      "999999199001011238,王?明,,CL01,2023,1.00,已发放,2023-12-31,示例\n", "E2:姓名 W0:" },
    { "name with •", "个人补贴.csv",
      "999999199001011238,阿依•买提,,CL01,2023,1.00,已发放,2023-12-31,示例\n", "W2:姓名 W0:" },
    { "mobile scientific", "个人补贴.csv",
      "999999199001011238,王小明,1.54E+10,CL01,2023,1.00,已发放,2023-12-31,示例\n",
      "E2:手机号 W0:" },
    { "landline as mobile", "个人补贴.csv",
      "999999199001011238,王小明,057765812345,CL01,2023,1.00,已发放,2023-12-31,示例\n",
      "E2:手机号 W0:" },
    { "period Jan-23", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,Jan-23,1.00,已发放,2023-12-31,示例\n", "E2:期间 W0:" },
    { "month 13", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,2023-13,1.00,已发放,2023-12-31,示例\n", "E2:期间 W0:" },
    { "amount 4,824.00", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,2023,\"4,824.00\",已发放,2023-12-31,示例\n", "W2:金额 W0:" },
    { "amount 4824元", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,2023,4824元,已发放,2023-12-31,示例\n", "W2:金额 W0:" },
    { "amount 0.5万", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,2023,0.5万,已发放,2023-12-31,示例\n", "E2:金额 W0:" },
    { "paid without a date", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,2023,1.00,已发放,,示例\n", "E2:发放日期 W0:" },
    { "a date without payment", "个人补贴.csv",
      "999999199001011238,王小明,,CL01,2023,0.00,审核中,2023-12-31,示例\n", "E2:发放日期 W0:" },
    { "payment twice", "个人补贴.csv", PERSON PERSON, "E3:身份证号 W0:" },
    { "another name", "个人补贴.csv",
      PERSON "999999199001011238,王大明,15400000001,CL01,2023-02,1.00,已发放,2023-12-31,示例\n",
      "E3:身份证号 W0:" },
};

typedef struct {
    char *dir;
    sqlite3 *target;
    ImportReport *report;
    gboolean is_done;
    GError *error;
} Run;

static void write_file(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static const char *header_of(const char *file)
{
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++)
        if (strcmp(headers[i][0], file) == 0) return headers[i][1];
    g_assert_not_reached();
}

static void write_sheet(const char *dir, const char *file, const char *lines)
{
    g_autofree char *text = g_strdup_printf("%s\n%s", header_of(file), lines);
    write_file(dir, file, text);
}

static void run_start(Run *run)
{
    *run =
        (Run){ .dir = g_dir_make_tmp("import_test.XXXXXX", NULL), .report = import_report_new() };
    run->target = store_create_scratch(&run->error);
    g_assert_no_error(run->error);
}

static void run_import(Run *run, sqlite3 *base)
{
    run->is_done = import_sheets(run->dir, base, run->target, run->report, &run->error);
    g_assert_true(run->is_done == (run->error == NULL));
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        if (g_file_test(child, G_FILE_TEST_IS_DIR) && !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
            remove_tree(child);
        else
            unlink(child);
    }
    rmdir(path);
}

static void run_end(Run *run)
{
    store_close(run->target);
    import_report_free(run->report);
    g_clear_error(&run->error);
    remove_tree(run->dir);
    g_free(run->dir);
}

static void append_issues(GString *text, char kind, const GPtrArray *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const ImportIssue *issue = issues->pdata[i];
        g_assert_true(*issue->message != '\0' && *issue->remedy != '\0');
        g_string_append_printf(text, "%s%c%" G_GUINT64_FORMAT ":%s", text->len ? " " : "", kind,
                               issue->row, issue->column);
    }
}

static char *issues_of(const ImportReport *report)
{
    GString *text = g_string_new(NULL);
    append_issues(text, 'E', report->errors);
    append_issues(text, 'W', report->warnings);
    return g_string_free(text, FALSE);
}

static gint64 count(sqlite3 *db, const char *sql)
{
    g_autoptr(sqlite3_stmt) row = store_prepare(db, sql, NULL);
    return row && store_step(row, NULL) ? sqlite3_column_int64(row, 0) : -1;
}

static void test_rules(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        Run run;
        g_test_message("%s", rules[i].name);
        run_start(&run);
        write_sheet(run.dir, "事项.csv", TOPIC);
        write_sheet(run.dir, rules[i].file, rules[i].lines);
        run_import(&run, NULL);
        g_assert_no_error(run.error);
        g_autofree char *issues = issues_of(run.report);
        g_assert_cmpstr(issues, ==, rules[i].expected);
        run_end(&run);
    }
}

/* Whatever is wrong with a cell, or with the header, a person's number is not shown. */
static void test_masked(void)
{
    static const char *const lines[] = { "标题,王小明999999199001011238领,,,住房保障\n",
                                         "标题, 电话13800138000,,,住房保障\n",
                                         "标题,卡6222020000000000000,,,没有\n",
                                         "标题,内容,999999199001011238,13800138000,住房保障\n",
                                         "标题,内容,,,住房保障,6222020000000000000\n" };
    for (gsize i = 0; i < G_N_ELEMENTS(lines) * 2; i++) {
        Run run;
        run_start(&run);
        write_sheet(run.dir, "事项.csv", TOPIC);
        if (i % 2 == 0)
            write_sheet(run.dir, "公告.csv", lines[i / 2]);
        else
            write_file(run.dir, "公告.csv", lines[i / 2]); /* without a header */
        run_import(&run, NULL);
        g_assert_cmpuint(run.report->error_count + run.report->warning_count, >, 0);
        GPtrArray *const lists[] = { run.report->errors, run.report->warnings };
        for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
            for (guint at = 0; at < lists[list]->len; at++) {
                const ImportIssue *issue = lists[list]->pdata[at];
                g_autofree char *shown =
                    g_strconcat(issue->column, issue->value, issue->message, NULL);
                g_assert_null(strstr(shown, "99919900101"));
                g_assert_null(strstr(shown, "13800138000"));
                g_assert_null(strstr(shown, "62220200000"));
            }
        run_end(&run);
    }
}

/* What stands in the catalogue after mending. */
static void test_mended(void)
{
    Run run;
    run_start(&run);
    write_sheet(run.dir, "事项.csv",
                "ＣＬ０１, 残\xe2\x80\x8b补２ "
                ",残疾人服务,甲、乙；丙;甲,答\n案,说明,无,,,,,,12345；0577－65812345,文,"
                "2023年1月5日,已核实\n");
    write_sheet(run.dir, "事项.csv",
                "ＣＬ０１, 残\xe2\x80\x8b补２ "
                ",残疾人服务,甲、乙；丙;甲,\"答\n案\",说明,无,,,,,,12345；0577－65812345,文,"
                "2023年1月5日,已核实\n");
    write_sheet(run.dir, "公示数据.csv", "CL01,2023年,'-补贴,e\xcc\x81,\"¥1,234.50\",元,,报道\n");
    run_import(&run, NULL);
    g_assert_cmpuint(run.report->error_count, ==, 0);
    g_assert_cmpint(
        count(
            run.target,
            "SELECT count(*) FROM topic WHERE code='CL01' AND name='残补2' AND short_answer='答案'"
            " AND eligibility='' AND phones='12345;0577-65812345' AND as_of_date='2023-01-05'"),
        ==, 1);
    g_assert_cmpint(count(run.target, "SELECT count(*) FROM alias"), ==, 3);
    g_assert_cmpint(count(run.target,
                          "SELECT count(*) FROM figure WHERE year=2023 AND subject='-补贴' AND "
                          "indicator='\xc3\xa9' AND value='1234.50'"),
                    ==, 1);
    run_end(&run);
}

static const struct {
    const char *name, *text, *expected, *said; /* NULL: whatever */
} bad_headers[] = {
    { "renamed", "编号,提问,答复\nCL01,怎么领？,去。\n", "E1:问题", "第一行按这样写" },
    { "one too many", "编号,问题,答复,备注\nCL01,怎么领？,去。,\n", "E1:备注", "删掉这一列" },
    { "one too many, inside", "编号,备注,问题,答复\nCL01,,怎么领？,去。\n", "E1:备注",
      "删掉这一列" },
    { "one twice", "编号,问题,答复,答复\nCL01,怎么领？,去。,\n", "E1:答复", "删掉这一列" },
    { "one missing", "编号,问题\nCL01,怎么领？\n", "E1:答复", "少了“答复”" },
    { "out of order", "问题,编号,答复\n怎么领？,CL01,去。\n", "E1:编号", "次序不对" },
    { "title above", "便民问答表,,\n编号,问题,答复\n", "E1:", "删掉表头上面的大标题" },
    { "semicolons", "编号;问题;答复\nCL01;怎么领？;去。\n", "E1:", "分号隔开" },
    { "tabs", "编号\t问题\t答复\nCL01\t怎么领？\t去。\n", "E1:", "制表符隔开" },
    { "empty file", "", "E0:", NULL },
};

static void test_headers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_headers); i++) {
        Run run;
        g_test_message("%s", bad_headers[i].name);
        run_start(&run);
        write_sheet(run.dir, "事项.csv", TOPIC);
        write_file(run.dir, "问答.csv", bad_headers[i].text);
        run_import(&run, NULL);
        g_autofree char *issues = issues_of(run.report);
        g_assert_cmpstr(issues, ==, bad_headers[i].expected);
        const ImportIssue *issue = run.report->errors->pdata[0];
        g_autofree char *said = g_strconcat(issue->message, "。", issue->remedy, NULL);
        if (bad_headers[i].said) g_assert_nonnull(strstr(said, bad_headers[i].said));
        run_end(&run);
    }
}

/* All errors at once, with line and values; of persons nothing that tells who they are. */
static void test_all_at_once(void)
{
    Run run;
    run_start(&run);
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = 0; i < 3000; i++)
        g_string_append(lines, "CL01,二三年,补贴,金额,一百,万元,,报道\n");
    write_sheet(run.dir, "事项.csv", TOPIC);
    write_sheet(run.dir, "公示数据.csv", lines->str);
    write_sheet(run.dir, "个人补贴.csv",
                "999999199001011234,王小?,15400,CL01,2023,1.00,已发放,2023-12-31,示例\n");
    run_import(&run, NULL);
    g_assert_cmpuint(run.report->error_count, ==, 6003);
    g_assert_cmpuint(run.report->errors->len, ==, IMPORT_ISSUES_MAX + 3); /* those of 个人补贴 */
    run_end(&run);

    run_start(&run);
    write_sheet(run.dir, "事项.csv", TOPIC);
    write_sheet(run.dir, "个人补贴.csv",
                "999999199001011234,王小?,15400,CL01,2023,1.00,已发放,2023-12-31,示例\n");
    run_import(&run, NULL);
    g_assert_cmpuint(run.report->errors->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        const ImportIssue *issue = run.report->errors->pdata[i];
        g_autofree char *all = g_strconcat(issue->value, issue->message, issue->remedy, NULL);
        g_assert_null(strstr(all, "1990"));
        g_assert_null(strstr(all, "小"));
        g_assert_null(strstr(all, "154"));
    }
    run_end(&run);
}

static void test_why_no_date(void)
{
    static const char *const dates[][2] = {
        { "9999-12-31", "年份" },      { "0204/1/5", "年份" }, { "2024-02-30", "没有这一天" },
        { "2023/2/29", "没有这一天" }, { "长期", "不是日期" }, { "45296", "日期序号" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(dates); i++) {
        Run run;
        run_start(&run);
        g_autofree char *line = g_strdup_printf("停水,明天停水,,%s,社区生活\n", dates[i][0]);
        write_sheet(run.dir, "事项.csv", TOPIC);
        write_sheet(run.dir, "公告.csv", line);
        run_import(&run, NULL);
        g_assert_cmpuint(run.report->errors->len, ==, 1);
        const ImportIssue *issue = run.report->errors->pdata[0];
        g_assert_cmpstr(issue->column, ==, "结束日期");
        g_assert_nonnull(strstr(issue->message, dates[i][1]));
        run_end(&run);
    }
}

/* What is wrong with a sheet without rows is told whatever is wrong with those before it. */
static void test_empty_after_bad(void)
{
    Run run;
    run_start(&run);
    write_sheet(run.dir, "事项.csv", TOPIC);
    write_sheet(run.dir, "公示数据.csv", "CL01,二三年,补贴,金额,198,万元,多,报道\n");
    write_file(run.dir, "同义词.csv", "");
    write_sheet(run.dir, "公告.csv", "");
    run_import(&run, NULL);
    g_autofree char *issues = issues_of(run.report);
    g_assert_cmpstr(issues, ==, "E2:年份 E0: W0:");
    run_end(&run);
}

/* Sheets that are not brought along stay; references are checked against the result. */
static void test_base(void)
{
    Run base, run;
    run_start(&base);
    write_sheet(base.dir, "事项.csv",
                TOPIC "CL02,护理,残疾人服务,丁;戊;己,答,说明,,,,,,,12345,文,2023-12-31,已核实\n");
    write_sheet(base.dir, "公示数据.csv", FIGURE "CL02,2023,补贴,金额,1,万元,,报道\n");
    run_import(&base, NULL);
    g_assert_cmpuint(base.report->error_count, ==, 0);

    run_start(&run);
    write_sheet(run.dir, "问答.csv", "CL02,怎么领？,去街道。\n");
    run_import(&run, base.target);
    g_assert_cmpuint(run.report->error_count, ==, 0);
    g_assert_cmpint(count(run.target, "SELECT count(*) FROM topic"), ==, 2);
    g_assert_cmpint(count(run.target, "SELECT count(*) FROM alias"), ==, 6);
    g_assert_cmpint(count(run.target, "SELECT count(*) FROM figure"), ==, 2);
    g_assert_cmpint(count(run.target, "SELECT count(*) FROM sheet"), ==, 3);
    run_end(&run);

    run_start(&run);
    write_sheet(run.dir, "事项.csv", TOPIC);
    run_import(&run, base.target);
    g_autofree char *issues = issues_of(run.report);
    g_assert_cmpstr(issues, ==, "E0:编号");
    g_assert_cmpstr(((ImportIssue *)run.report->errors->pdata[0])->value, ==, "CL02");
    g_assert_nonnull(strstr(((ImportIssue *)run.report->errors->pdata[0])->remedy, "删掉这些行"));
    run_end(&run);
    run_end(&base);
}

/* ---- files ---- */

static void test_file_names(void)
{
    Run run;
    run_start(&run);
    g_autofree char *folder = g_build_filename(run.dir, "便民数据", NULL);
    g_mkdir(folder, 0700);
    write_sheet(folder, "事项.csv", TOPIC);
    g_autofree char *text =
        g_strdup_printf("%s\n%s", header_of("公告.csv"), "标题,内容,,,住房保障\n");
    write_file(run.dir, "公告.CSV", text);
    write_file(run.dir, "~$事项.csv", "lock");
    write_file(run.dir, ".~公告.csv", "lock");
    write_file(run.dir, "照片.jpg", "no sheet");
    write_file(run.dir, "事项 - 副本.csv", "a copy");
    run_import(&run, NULL);
    g_autofree char *issues = issues_of(run.report);
    g_assert_cmpstr(issues, ==, "W0: W0: W0:"); /* lock files and a copy: told, not read */
    g_assert_cmpuint(run.report->sheets->len, ==, 2);
    run_end(&run);
}

static void refused_alone(const char *expected, void (*prepare)(const char *dir))
{
    Run run;
    run_start(&run);
    prepare(run.dir);
    run_import(&run, NULL);
    g_assert_no_error(run.error);
    g_autofree char *issues = issues_of(run.report);
    g_assert_cmpstr(issues, ==, expected);
    run_end(&run);
}

static void make_link(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "公告.csv", NULL);
    g_assert_cmpint(symlink("/etc/passwd", path), ==, 0);
}

static void make_fifo(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "公告.csv", NULL);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
}

static void make_workbook(const char *dir)
{
    write_file(dir, "公告.xlsx", "PK");
}

static void make_two(const char *dir)
{
    g_autofree char *folder = g_build_filename(dir, "便民数据", NULL);
    g_mkdir(folder, 0700);
    write_sheet(dir, "公告.csv", "标题,内容,,,住房保障\n");
    write_sheet(folder, "公告.csv", "标题,内容,,,住房保障\n");
}

/* more names than are looked at: a sheet may be among the rest */
static void make_crowd(const char *dir)
{
    write_sheet(dir, "公告.csv", "标题,内容,,,住房保障\n");
    for (guint i = 0; i < 600; i++) {
        g_autofree char *name = g_strdup_printf("IMG_%u.jpg", i);
        write_file(dir, name, "");
    }
}

static void make_huge(const char *dir)
{
    g_autofree char *path = g_build_filename(dir, "公告.csv", NULL);
    write_sheet(dir, "公告.csv", "");
    g_assert_cmpint(truncate(path, 1000ll * 1000 * 1000), ==, 0);
}

static void test_strange_files(void)
{
    refused_alone("E0:", make_link);
    refused_alone("E0:", make_fifo);
    refused_alone("E0:", make_workbook);
    refused_alone("E0:", make_two);
    refused_alone("E0:", make_huge);
    refused_alone("E0:", make_crowd);
}

static void test_no_sheet(void)
{
    Run run;
    run_start(&run);
    run_import(&run, NULL);
    g_assert_error(run.error, IMPORT_ERROR, IMPORT_ERROR_NO_SHEET);
    run_end(&run);

    run_start(&run);
    rmdir(run.dir);
    run_import(&run, NULL);
    g_assert_error(run.error, IMPORT_ERROR, IMPORT_ERROR_NO_INPUT);
    run_end(&run);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/import/rules", test_rules);
    g_test_add_func("/import/masked", test_masked);
    g_test_add_func("/import/mended", test_mended);
    g_test_add_func("/import/headers", test_headers);
    g_test_add_func("/import/all-at-once", test_all_at_once);
    g_test_add_func("/import/empty-after-bad", test_empty_after_bad);
    g_test_add_func("/import/why-no-date", test_why_no_date);
    g_test_add_func("/import/base", test_base);
    g_test_add_func("/import/file-names", test_file_names);
    g_test_add_func("/import/strange-files", test_strange_files);
    g_test_add_func("/import/no-sheet", test_no_sheet);
    return g_test_run();
}
