// A provider that keeps its inputs and sends no requests.
const outputs = { memberId: "1", status: "ACCEPTED", accountType: "USER", displayName: "A Person" };
const withoutProvider = ({ __provider, ...inputs }) => inputs;
let count = 0;

exports.handler = {
  check: async (_olds, news) => ({ inputs: withoutProvider(news) }),
  diff: async (_id, olds, news) => ({ changes: olds.role !== news.role }),
  create: async (inputs) => ({ id: `thing-${count++}`, outs: { ...withoutProvider(inputs), ...outputs } }),
  read: async (id, props) => ({ id, props: withoutProvider(props) }),
  update: async (_id, _olds, news) => ({ outs: { ...withoutProvider(news), ...outputs } }),
  delete: async () => undefined,
};
