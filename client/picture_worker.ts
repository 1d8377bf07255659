/** The worker that makes JPEGs for the timeline; an entry of its own, as browsers load workers by their address. */
import { answerRequests } from "./features/timeline/encode_picture.ts";

answerRequests(self);
