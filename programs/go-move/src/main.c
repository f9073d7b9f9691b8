#include "answer.h"
#include "arguments.h"
#include "position.h"
#include "refuse.h"
#include "search.h"

int main(int count, char **values) {
  static Position position;
  Arguments arguments = arguments_parse(count, values);
  position_read(&arguments, &position);
  SearchOptions options = {.seed = arguments.seed, .playouts = arguments.playouts, .half_komi = position.half_komi};
  SearchResult result;
  if (!search_run(&position.board, &options, &result)) fail("no memory for the search tree");
  answer_print(&position, &arguments, &result);
  answer_write(&position, &arguments, &result);
  return 0;
}
