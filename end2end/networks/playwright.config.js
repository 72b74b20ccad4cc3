// Calls on many networks: which road they take, and how soon there are pictures. `make networks` runs it; the table comes at the end.

import { measuredSuite } from "../support/suite.js";

export default measuredSuite({ name: "networks", title: "Calls on many networks", rows: "network" });
