// sums.txt: the exact totals of one share of the paths, and the contract they belong to.
#ifndef OPTION_PRICER_SHARES_H
#define OPTION_PRICER_SHARES_H

#include "simulate.h"

void share_write(const Contract *contract, Part part, const Totals *totals);

// Adds up the shares /iexec_in/0 to /iexec_in/<count - 1>; the contract becomes theirs. Refuses what is not a full set of shares of one contract.
void shares_join(uint32_t count, Contract *contract, Totals *totals);

#endif
