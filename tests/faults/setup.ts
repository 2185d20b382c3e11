import { beginTally } from "./tally";

export default beginTally;
