/* Help about things that belong to no command: one text of docs/help each, embedded. */
#pragma once

typedef struct {
    const char *name;
    const char *summary;
    const char *text;
} CliTopic;

/* Ended by a row without a name. */
extern const CliTopic cli_topics[];

/* The texts; see cli/CMakeLists.txt. */
extern const char cli_text_environment[];
extern const char cli_text_exit_codes[];
extern const char cli_text_formats[];
extern const char cli_text_policy[];
extern const char cli_text_privacy[];
extern const char cli_text_regions[];
extern const char cli_text_services[];
