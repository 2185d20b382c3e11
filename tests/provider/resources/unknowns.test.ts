import { flips } from "../flips";
import { lifeCycle } from "../lifeCycle";
import { startWorld } from "../world";

test.concurrent.each(flips)(
  "the four resources go through their whole lives if %s is %p",
  async (name, value) => {
    // Switches about the rate limit have no effect without one.
    const isAboutRates = /^(rate|retry)/.test(name);
    const world = await startWorld({
      unknowns: { [name]: value },
      ...(isAboutRates ? { rateLimit: { requests: 60, perSeconds: 1 } } : {}),
    });
    await lifeCycle(world);
  },
);
