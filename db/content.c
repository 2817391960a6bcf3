#include "db/content.h"

#include <string.h>

#define ALIASES                                                                                    \
    "(SELECT coalesce(group_concat(name, ';'), '') FROM "                                          \
    "(SELECT name FROM alias WHERE topic_code = topic.code ORDER BY alias.position))"

static const ContentColumn topic_columns[] = {
    { "编号", "code", TRUE },
    { "名称", "name", FALSE },
    { "类别", "category", FALSE },
    { "别名", ALIASES, FALSE },
    { "一句话答复", "short_answer", FALSE },
    { "详细说明", "description", FALSE },
    { "办理对象", "eligibility", FALSE },
    { "补贴标准", "benefit_standard", FALSE },
    { "办理流程", "application_process", FALSE },
    { "所需材料", "required_documents", FALSE },
    { "办理地点", "location", FALSE },
    { "办理时间", "opening_hours", FALSE },
    { "咨询电话", "phones", FALSE },
    { "依据", "legal_basis", FALSE },
    { "数据日期", "as_of_date", FALSE },
    { "核实状态", "verification_status", FALSE },
};
static const ContentColumn figure_columns[] = {
    { "编号", "topic_code", TRUE },      { "年份", "year", TRUE },    { "项目", "subject", TRUE },
    { "指标", "indicator", TRUE },       { "数值", "value", FALSE },  { "单位", "unit", FALSE },
    { "说明", "qualifier_text", FALSE }, { "来源", "source", FALSE },
};
static const ContentColumn project_columns[] = {
    { "名称", "name", TRUE },        { "类型", "type", FALSE },   { "编号", "topic_code", FALSE },
    { "位置/所属", "place", FALSE }, { "状态", "status", FALSE }, { "进度", "progress", FALSE },
    { "年份", "year", FALSE },       { "说明", "note", FALSE },   { "来源", "source", FALSE },
};
static const ContentColumn qa_columns[] = {
    { "编号", "topic_code", FALSE },
    { "问题", "question", TRUE },
    { "答复", "answer", FALSE },
};
static const ContentColumn synonym_columns[] = {
    { "词", "term", TRUE },
    { "同义词", "variants", FALSE },
};
static const ContentColumn lay_word_columns[] = {
    { "俗语", "word", TRUE },
    { "意思", "meanings", FALSE },
    { "说明", "note", FALSE },
};
static const ContentColumn notice_columns[] = {
    { "标题", "title", TRUE },           { "内容", "body", FALSE },
    { "开始日期", "valid_from", FALSE }, { "结束日期", "valid_to", FALSE },
    { "类别", "category", FALSE },
};

#define SHEET(file, table, row_id, columns)                                                        \
    {                                                                                              \
        file, table, row_id, columns, G_N_ELEMENTS(columns)                                        \
    }
const ContentSheet content_sheets[CONTENT_SHEET_COUNT] = {
    SHEET("事项.csv", "topic", "position", topic_columns),
    SHEET("公示数据.csv", "figure", "id", figure_columns),
    SHEET("工程项目.csv", "project", "id", project_columns),
    SHEET("问答.csv", "qa", "id", qa_columns),
    SHEET("同义词.csv", "synonym", "id", synonym_columns),
    SHEET("俗语.csv", "lay_word", "id", lay_word_columns),
    SHEET("公告.csv", "notice", "id", notice_columns),
};

char *content_select(const ContentSheet *sheet, const char *condition)
{
    GString *sql = g_string_new("SELECT ");
    g_string_append(sql, sheet->row_id);
    for (guint i = 0; i < sheet->column_count; i++)
        g_string_append_printf(sql, ", %s", sheet->columns[i].expression);
    g_string_append_printf(sql, " FROM %s", sheet->table);
    if (condition)
        g_string_append_printf(sql, " WHERE %s", condition);
    else
        g_string_append_printf(sql, " ORDER BY %s", sheet->row_id);
    return g_string_free(sql, FALSE);
}

const ContentSheet *content_find(const char *file)
{
    for (guint i = 0; i < CONTENT_SHEET_COUNT; i++)
        if (strcmp(content_sheets[i].file, file) == 0) return &content_sheets[i];
    return NULL;
}
