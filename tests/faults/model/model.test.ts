import { Bench } from "../bench";
import { checkSchedules } from "./check";

const { FAULTS_SCHEDULES = "300" } = process.env;

jest.setTimeout(24 * 3_600_000);

test("whatever is declared, done by hand and goes wrong, two runs later all is as declared or named", async () => {
  await checkSchedules(await Bench.start(), {
    group: "schedules",
    count: Number(FAULTS_SCHEDULES),
    length: 20,
    size: "+1",
  });
});
