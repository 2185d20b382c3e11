// Which of the programs runs is said by the environment.
require(process.env.BENCH_PROGRAM);
