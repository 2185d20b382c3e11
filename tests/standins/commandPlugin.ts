/**
 * A stand-in for @pulumi/command's plugin, for machines on which the real one can't be downloaded. It serves
 * `command:local:Command` to the real engine like the real plugin 1.2.1, as far as our tests need, and runs
 * the real shell. Like the real one it returns its inputs and the command's output. It returns nothing if the
 * command fails, so that the state keeps the inputs of the last success. Pulumi starts it as
 * `pulumi-resource-command` and reads its port from the first line.
 */
import {
  Server,
  ServerCredentials,
  status,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { isDeepStrictEqual } from "node:util";

type Properties = Record<string, unknown>;
type Done<Response> = (error: Partial<ServiceError> | null, response?: Response) => void;

/** The engine's mark for a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const fromStruct = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};
const toStruct = (properties: Properties): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);

/** Runs a command of the inputs like the real plugin. @throws with the command and all its output */
async function run(command: unknown, inputs: Properties): Promise<{ stdout: string; stderr: string }> {
  if (typeof command !== "string") return { stdout: "", stderr: "" };
  const [file = "/bin/sh", ...args] = (inputs.interpreter as string[] | undefined) ?? ["/bin/sh", "-c"];
  const child = spawn(file, [...args, command], {
    cwd: (inputs.dir as string | undefined) ?? process.cwd(),
    env: { ...process.env, ...(inputs.environment as Record<string, string> | undefined) },
  });
  child.stdin.on("error", () => undefined); // Not every command reads it.
  child.stdin.end((inputs.stdin as string | undefined) ?? "");
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once("close", resolve).once("error", reject),
  );
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0)
    throw new Error(`exit status ${code}: running ${JSON.stringify(command)}:\n${stdout}${stderr}`);
  return { stdout: stdout.replace(/\n$/, ""), stderr: stderr.replace(/\n$/, "") };
}

const handlers = {
  getPluginInfo(): PluginInfo {
    const info = new PluginInfo();
    info.setVersion("1.2.1");
    return info;
  },
  checkConfig: (request: pb.CheckRequest) => checked(request),
  diffConfig: () => new pb.DiffResponse(),
  configure(): pb.ConfigureResponse {
    const response = new pb.ConfigureResponse();
    // The engine removes secrets' marks from its requests, and marks the outputs with the same names.
    response.setAcceptsecrets(false);
    response.setSupportspreview(true);
    return response;
  },
  check(request: pb.CheckRequest): pb.CheckResponse {
    if (!request.getUrn().includes("command:local:Command::"))
      throw new Error("the stand-in of @pulumi/command's plugin serves local.Command alone");
    return checked(request);
  },
  diff(request: pb.DiffRequest): pb.DiffResponse {
    const news = fromStruct(request.getNews());
    // The real plugin compares with its last outputs, except those that are not the name of an input.
    const olds = fromStruct(request.getOlds());
    const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (name) => name !== "stdout" && name !== "stderr",
    );
    const changed = names.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
    const response = new pb.DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changed);
    response.setReplacesList(changed.filter((name) => name === "triggers"));
    return response;
  },
  async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const inputs = fromStruct(request.getProperties());
    const response = new pb.CreateResponse();
    response.setId(request.getPreview() ? "" : `command${randomBytes(8).toString("hex")}`);
    response.setProperties(toStruct(await outputs(inputs.create, inputs, request.getPreview())));
    return response;
  },
  read(request: pb.ReadRequest): pb.ReadResponse {
    const response = new pb.ReadResponse();
    response.setId(request.getId());
    response.setProperties(request.getProperties());
    response.setInputs(request.getInputs());
    return response;
  },
  async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const inputs = fromStruct(request.getNews());
    const response = new pb.UpdateResponse();
    const command = inputs.update ?? inputs.create;
    response.setProperties(toStruct(await outputs(command, inputs, request.getPreview())));
    return response;
  },
  async delete(request: pb.DeleteRequest): Promise<Empty> {
    const state = fromStruct(request.getProperties());
    await run(state.delete, state);
    return new Empty();
  },
  cancel: () => new Empty(),
};

function checked(request: pb.CheckRequest): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

const outputs = async (command: unknown, inputs: Properties, isPreview: boolean): Promise<Properties> => ({
  ...inputs,
  ...(isPreview ? { stdout: UNKNOWN, stderr: UNKNOWN } : await run(command, inputs)),
});

const server = new Server();
const served = Object.entries(handlers).map(([name, handle]) => [
  name,
  ({ request }: { request: never }, done: Done<unknown>) => {
    Promise.resolve(request)
      .then(handle)
      .then(
        (response) => done(null, response),
        (error: unknown) => done({ code: status.UNKNOWN, details: (error as Error).message }),
      );
  },
]);
// Other calls are answered as unimplemented, and the engine then uses its default.
server.addService(ResourceProviderService, Object.fromEntries(served) as UntypedServiceImplementation);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
