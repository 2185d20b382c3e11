import * as pulumi from "@pulumi/pulumi";

const noRun = {};

/** Something that each run of a program has one of: a process may run several programs, also at the same time. */
export function perRun<T>(make: () => T): () => T {
  const made = new WeakMap<object, T>();
  return () => {
    const run = pulumi.runtime.getMonitor() ?? noRun;
    const present = made.get(run) ?? make();
    made.set(run, present);
    return present;
  };
}
