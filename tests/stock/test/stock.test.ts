// The network comes first: hooks run in the order in which they are registered.
import '../suites/network.ts';
// Then what takes the cheapest offer of the book, before others offer for less.
import '../suites/watching.ts';
import '../suites/market.ts';
import '../suites/books.ts';
import '../suites/refusals.ts';
import '../suites/secrets.ts';
import '../suites/confidential.ts';
import '../suites/inputs.ts';
import '../suites/callbacks.ts';
import '../suites/command.ts';
import '../suites/commands.ts';
import '../suites/claim.ts';
import '../suites/page.ts';
