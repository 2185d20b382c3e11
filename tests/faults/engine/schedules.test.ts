import { Bench } from "../bench";
import { checkSchedules } from "../model/check";
import { EngineStack } from "./engineStack";

const { FAULTS_ENGINE_SCHEDULES = "10" } = process.env;

jest.setTimeout(24 * 3_600_000);

test("on the real engine, too, two more runs leave everything as declared or named", async () => {
  await checkSchedules(await Bench.start((world) => new EngineStack(world)), {
    group: "real engine: schedules",
    count: Number(FAULTS_ENGINE_SCHEDULES),
    length: 8,
    size: "max",
  });
});
