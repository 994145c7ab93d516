/* Writing YAML through libyaml's emitter. */
#include "format/yaml-write.h"

#include <math.h>
#include <string.h>
#include <yaml.h>

struct CnYamlWriter {
    yaml_emitter_t emitter;
    GString *out;
};

/* libyaml fails on memory or on our mistakes only; GLib ends on the former as well. */
static void
emit(CnYamlWriter *writer, yaml_event_t *event, int made)
{
    gboolean done = made != 0 && yaml_emitter_emit(&writer->emitter, event) != 0;
    if (!done)
        g_error("%s: %s", G_STRFUNC,
                writer->emitter.problem != NULL ? writer->emitter.problem : "out of memory");
}

static int
append(void *data, unsigned char *bytes, size_t len)
{
    g_string_append_len(data, (const char *)bytes, (gssize)len);
    return 1;
}

CnYamlWriter *
cn_yaml_writer_new(void)
{
    CnYamlWriter *writer = g_new0(CnYamlWriter, 1);
    yaml_event_t event;
    writer->out = g_string_new(NULL);
    if (yaml_emitter_initialize(&writer->emitter) == 0)
        g_error("%s: out of memory", G_STRFUNC);
    yaml_emitter_set_output(&writer->emitter, append, writer->out);
    yaml_emitter_set_unicode(&writer->emitter, 1);
    yaml_emitter_set_width(&writer->emitter, -1); /* one value, one line */
    emit(writer, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(writer, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    cn_yaml_begin_mapping(writer, FALSE);
    return writer;
}

char *
cn_yaml_writer_finish(CnYamlWriter *writer)
{
    yaml_event_t event;
    cn_yaml_end_mapping(writer);
    emit(writer, &event, yaml_document_end_event_initialize(&event, 1));
    emit(writer, &event, yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&writer->emitter);
    char *text = g_string_free(writer->out, FALSE);
    g_free(writer);
    return text;
}

void
cn_yaml_begin_mapping(CnYamlWriter *writer, gboolean in_line)
{
    yaml_event_t event;
    int made = yaml_mapping_start_event_initialize(
        &event, NULL, NULL, 1, in_line ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
    emit(writer, &event, made);
}

void
cn_yaml_end_mapping(CnYamlWriter *writer)
{
    yaml_event_t event;
    int made = yaml_mapping_end_event_initialize(&event);
    emit(writer, &event, made);
}

void
cn_yaml_begin_sequence(CnYamlWriter *writer, gboolean in_line)
{
    yaml_event_t event;
    int made = yaml_sequence_start_event_initialize(
        &event, NULL, NULL, 1, in_line ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
    emit(writer, &event, made);
}

void
cn_yaml_end_sequence(CnYamlWriter *writer)
{
    yaml_event_t event;
    int made = yaml_sequence_end_event_initialize(&event);
    emit(writer, &event, made);
}

/* A damaged store may hold bytes that are no text; libyaml would refuse them. */
static void
put_scalar(CnYamlWriter *writer, const char *text, yaml_scalar_style_t style)
{
    yaml_event_t event;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    int made = yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)valid,
                                            (int)strlen(valid), 1, 1, style);
    emit(writer, &event, made);
}

void
cn_yaml_put_key(CnYamlWriter *writer, const char *key)
{
    put_scalar(writer, key, YAML_PLAIN_SCALAR_STYLE);
}

void
cn_yaml_put_word(CnYamlWriter *writer, const char *word)
{
    put_scalar(writer, word, YAML_PLAIN_SCALAR_STYLE);
}

/* Text that another YAML reader would take for a number, a day, a truth value or nothing. */
static gboolean
looks_typed(const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n",  NULL};
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return strchr("0123456789+-.~", text[0]) != NULL || g_strv_contains(words, lower);
}

void
cn_yaml_put_text(CnYamlWriter *writer, const char *text)
{
    put_scalar(writer, text,
               looks_typed(text) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE);
}

void
cn_yaml_put_quoted(CnYamlWriter *writer, const char *text)
{
    put_scalar(writer, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

void
cn_yaml_put_double(CnYamlWriter *writer, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    for (int digits = 6; digits <= 17; digits++) {
        char format[8];
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, number);
        if (fabs(g_ascii_strtod(text, NULL) - number) <= 0)
            break;
    }
    put_scalar(writer, text, YAML_PLAIN_SCALAR_STYLE);
}
