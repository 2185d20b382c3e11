// The environment selects the program to run.
require(process.env.BENCH_PROGRAM);
