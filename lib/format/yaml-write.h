/* Writing YAML through libyaml's emitter: block style for people, flow style for small records, one
 * value a line. Calls are made in the order of the text; what is opened is closed. */
#pragma once

#include <glib.h>

typedef struct CnYamlWriter CnYamlWriter;

/* The document is one block mapping. */
CnYamlWriter *cn_yaml_writer_new(void);
/* Ends the document, frees the writer and gives the text. (transfer full) */
char *cn_yaml_writer_finish(CnYamlWriter *writer);

void cn_yaml_begin_mapping(CnYamlWriter *writer, gboolean in_line);
void cn_yaml_end_mapping(CnYamlWriter *writer);
void cn_yaml_begin_sequence(CnYamlWriter *writer, gboolean in_line);
void cn_yaml_end_sequence(CnYamlWriter *writer);

void cn_yaml_put_key(CnYamlWriter *writer, const char *key);
/* A word of a format, or a number. */
void cn_yaml_put_word(CnYamlWriter *writer, const char *word);
/* Text of any kind, in quotes where another reader would take it for something else. */
void cn_yaml_put_text(CnYamlWriter *writer, const char *text);
/* Text in quotes: codes, hours, phone numbers. */
void cn_yaml_put_quoted(CnYamlWriter *writer, const char *text);
/* The fewest digits that are read back as the same number. */
void cn_yaml_put_double(CnYamlWriter *writer, double number);
