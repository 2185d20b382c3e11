import { createServer, type AddressInfo } from "node:net";
import { endWithEngine } from "../../plugin/lifetime";
import { noteEngine } from "../../provider/machine/deployment";

/** Something that listens, as an engine does. */
async function engine() {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  noteEngine(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  let looks = 0;
  server.on("connection", () => looks++);
  return {
    looks: (count: number) => until(() => looks >= count),
    close: () => new Promise((done) => server.close(done)),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test("a plugin whose engine was killed ends by itself, but only after its work", async () => {
  const { looks, close } = await engine();
  let [isWorking, asked, ended] = [false, 0, 0];
  endWithEngine({
    isWorking: () => {
      asked++;
      return isWorking;
    },
    end: () => ended++,
    interval: 5,
  });
  await looks(3);
  expect(ended).toBe(0);

  isWorking = true;
  await close();
  const before = asked;
  await until(() => asked > before + 3);
  expect(ended).toBe(0);

  isWorking = false;
  await until(() => ended > 0);
});
