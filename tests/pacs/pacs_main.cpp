#include "tests/session/import_main.h"

GADOLIN_IMPORT_TEST_MAIN();
