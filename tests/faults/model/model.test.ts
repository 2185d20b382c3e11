import { Bench } from "../bench";
import { checkSchedules } from "./check";

const { FAULTS_SCHEDULES = "300" } = process.env;

jest.setTimeout(24 * 3_600_000);

test("after any declarations, manual changes and failures, two more runs leave everything as declared or named", async () => {
  await checkSchedules(await Bench.start(), {
    group: "schedules",
    count: Number(FAULTS_SCHEDULES),
    length: 20,
    size: "+1",
  });
});
