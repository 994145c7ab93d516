/* The version of the database engine that runs. */
#pragma once

const char *cn_engine_version(void); /* such as "3.40.1" */
