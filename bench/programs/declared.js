// The bindings that every program of the benchmark declares, as the environment sets them: the same people in
// each project.
exports.bindings = function* () {
  const projects = process.env.BENCH_PROJECTS.split(",");
  const count = Number(process.env.BENCH_COUNT);
  const changed = Number(process.env.BENCH_CHANGED ?? 0);
  for (let index = 0; index < count; index++) {
    const project = projects[Math.floor((index * projects.length) / count)];
    const person = index % Math.ceil(count / projects.length);
    // Every tenth changes, so that each project has a change.
    const isChanged = changed > 0 && index % Math.round(count / changed) === 0;
    yield {
      name: `binding-${index}`,
      project,
      member: `person-${person}@example.com`,
      role: isChanged ? "project.developer" : "project.user",
    };
  }
};
