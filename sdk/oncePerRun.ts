import * as pulumi from "@pulumi/pulumi";

const noRun = {};

/** Returns a getter for a value that each program run has separately. A process can run several programs at once. */
export function oncePerRun<T>(make: () => T): () => T {
  const made = new WeakMap<object, T>();
  return () => {
    const run = pulumi.runtime.getMonitor() ?? noRun;
    const present = made.get(run) ?? make();
    made.set(run, present);
    return present;
  };
}
