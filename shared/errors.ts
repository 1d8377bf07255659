/** One table from error code to HTTP status, close code and the words that people read. */

/** What an error code means outside the process. */
export interface ErrorMeaning {
  /** Status of an HTTP answer with this error. */
  readonly status: number;
  /** WebSocket close code, or null where the connection stays open. */
  readonly close: number | null;
  /** Whether a client may connect again by itself after the close. */
  readonly retry: boolean;
  /** A sentence for people: what happened and what to do. */
  readonly words: string;
}

/** Every error that crosses the wire; PROTOCOL.md gives the rule that each belongs to. */
export const ERRORS = {
  "host-refused": {
    status: 421,
    close: null,
    retry: false,
    words:
      "The server does not answer to this name. Open the address that it printed, or name it with --origin.",
  },
  "origin-refused": {
    status: 403,
    close: null,
    retry: false,
    words:
      "The server does not know this page's address. Open the address that it printed, or name this one with --origin.",
  },
  "protocol-version": {
    status: 426,
    close: 4010,
    retry: false,
    words: "The page and the server speak different versions. Reload the page.",
  },
  "hello-expected": {
    status: 400,
    close: 4001,
    retry: false,
    words: "The connection has to begin with a hello. Reload the page.",
  },
  "hello-twice": {
    status: 400,
    close: 4002,
    retry: false,
    words: "The connection was greeted twice. Reload the page.",
  },
  "hello-timeout": {
    status: 408,
    close: 4003,
    retry: true,
    words: "The page did not greet the server in time. It tries again.",
  },
  busy: {
    status: 503,
    close: 1013,
    retry: true,
    words: "The server has as many viewers as it can serve. The page tries again until a place is free.",
  },
  "seat-given": {
    status: 503,
    close: 4030,
    retry: false,
    words: "Your place was given to somebody else, as nothing was shown here for a while. " +
      "Show a picture or reconnect to get another one.",
  },
  "message-syntax": {
    status: 400,
    close: null,
    retry: false,
    words: "A text message was not JSON. Frames are sent as binary messages.",
  },
  "message-shape": {
    status: 400,
    close: null,
    retry: false,
    words: "A message had fields that do not fit the protocol. Reload the page.",
  },
  "message-size": {
    status: 413,
    close: 1009,
    retry: false,
    words: "A text message was larger than the limit. Reload the page.",
  },
  "message-flood": {
    status: 429,
    close: 4029,
    retry: false,
    words: "The page sent too many messages that were refused. Reload it.",
  },
  "message-rate": {
    status: 429,
    close: null,
    retry: false,
    words:
      "The page sent more messages in a second than the server takes. The last change may not count: make it again.",
  },
  "frame-bytes": {
    status: 413,
    close: 1009,
    retry: false,
    words: "A frame was larger than the limit in bytes. Send a smaller picture.",
  },
  "frame-side": {
    status: 413,
    close: null,
    retry: false,
    words: "A frame had a side longer than the limit. Send a smaller picture.",
  },
  "frame-header": {
    status: 400,
    close: null,
    retry: false,
    words: "A binary message did not begin with the header of a frame. Reload the page.",
  },
  "frame-order": {
    status: 400,
    close: null,
    retry: false,
    words: "A frame had an id that is not above the one before. Reload the page.",
  },
  "frame-format": {
    status: 415,
    close: null,
    retry: false,
    words: "The picture is in a format that is not read here, or not in the one that was named. " +
      "Convert it to JPEG or PNG.",
  },
  "frame-corrupt": {
    status: 422,
    close: null,
    retry: false,
    words:
      "A frame could not be decoded: the picture is damaged or cut short. Choose another one, or save it again.",
  },
  "unknown-model": {
    status: 404,
    close: null,
    retry: false,
    words: "The server does not have this model. Choose another one.",
  },
  "model-failed": {
    status: 422,
    close: null,
    retry: false,
    words:
      "The model could not be loaded. The message says why: change that in its file, or choose another model.",
  },
  "models-full": {
    status: 503,
    close: null,
    retry: true,
    words: "The server has no memory for another model while the loaded ones are in use. " +
      "Close a page or a pane that uses one, or start the server with a larger --memory.",
  },
  "model-in-use": {
    status: 409,
    close: null,
    retry: true,
    words: "Somebody looks at this model now. Choose another model there, then try again.",
  },
  "unknown-method": {
    status: 404,
    close: null,
    retry: false,
    words: "The server does not have this method. Choose another one.",
  },
  "unknown-class": {
    status: 404,
    close: null,
    retry: false,
    words: "The model does not know this class. Choose another one.",
  },
  "ambiguous-class": {
    status: 400,
    close: null,
    retry: false,
    words: "Several classes have this name. Name the one that you mean by its index.",
  },
  "unknown-layer": {
    status: 404,
    close: null,
    retry: false,
    words: "The method cannot use this layer of the model. Choose another layer.",
  },
  "bad-option": {
    status: 400,
    close: null,
    retry: false,
    words: "An option is unknown, or has a value that it does not take. Choose another one.",
  },
  "no-log": {
    status: 404,
    close: null,
    retry: false,
    words: "This server keeps no log. Whoever runs it can have one: it is started without --log-days 0 then.",
  },
  "log-refused": {
    status: 403,
    close: null,
    retry: false,
    words: "Only pages on the server's own machine may write into its log. Whoever runs the server can let " +
      "others write too: it is started with --log-who all then.",
  },
  "log-budget": {
    status: 429,
    close: null,
    retry: false,
    words: "This device has written as much into the log as one may within an hour. " +
      "What it sees is left out until there is room again.",
  },
  "log-failed": {
    status: 500,
    close: null,
    retry: true,
    words: "The log could not be written. It is off now: turn it on again to try once more.",
  },
  "own-machine-only": {
    status: 403,
    close: null,
    retry: false,
    words: "The server's log and clips can be opened on its own machine alone. " +
      "Open the address there that the server printed.",
  },
  "unknown-show": {
    status: 404,
    close: 4021,
    retry: true,
    words: "Nobody presents under this address now. It is tried again until the presenter is there.",
  },
  "show-ended": {
    status: 410,
    close: 4020,
    retry: false,
    words: "The presenter has ended the show. Ask for a new link to watch again.",
  },
  "slow-viewer": {
    status: 408,
    close: 4008,
    retry: true,
    words: "The connection was too slow to take the results. The page connects again.",
  },
  "connection-silent": {
    status: 408,
    close: 4009,
    retry: true,
    words: "Nothing was heard from the page for some seconds. It connects again.",
  },
  "engine-failed": {
    status: 500,
    close: null,
    retry: true,
    words: "The engine failed on this frame and was started again. The next frame is explained as usual.",
  },
  "server-closing": {
    status: 503,
    close: 1001,
    retry: true,
    words: "The server is stopping. The page connects again when it is back.",
  },
  "server-fault": {
    status: 500,
    close: 1011,
    retry: true,
    words: "The server met a fault of its own. The page connects again.",
  },
  "unknown-clip": {
    status: 404,
    close: null,
    retry: false,
    words:
      "This clip is not there: it was deleted, or the address is wrong. Open Clips to see which there are.",
  },
  "clip-token": {
    status: 403,
    close: null,
    retry: false,
    words: "This upload was begun elsewhere. Upload the clip again.",
  },
  "clip-offset": {
    status: 409,
    close: null,
    retry: false,
    words: "The upload stands at another byte. Continue from there.",
  },
  "clip-incomplete": {
    status: 409,
    close: null,
    retry: false,
    words: "Not all of the clip has arrived. Continue the upload.",
  },
  "clip-bytes": {
    status: 413,
    close: null,
    retry: false,
    words: "The clip is larger than the limit. Make a shorter one.",
  },
  "clip-format": {
    status: 415,
    close: null,
    retry: false,
    words: "The file is no MP4 or WebM that could be played. Choose another one.",
  },
  "clip-sidecar": {
    status: 422,
    close: null,
    retry: false,
    words: "What was recorded beside the clip does not fit it. Download the clip, then upload it without.",
  },
  "clip-range": {
    status: 416,
    close: null,
    retry: false,
    words: "The clip ends before the part that was asked for. Open the clip again.",
  },
  "clips-busy": {
    status: 503,
    close: null,
    retry: true,
    words: "The server has as many uploads under way as it takes. Wait until one has ended, then try again.",
  },
  "clips-full": {
    status: 507,
    close: null,
    retry: false,
    words: "The server has no room for this clip. Delete or unpin clips there, then upload it again.",
  },
  "no-uploads": {
    status: 404,
    close: null,
    retry: false,
    words:
      "This server takes no models. Whoever runs it can let it take some: it is started without --models-mb 0 then.",
  },
  "model-bytes": {
    status: 413,
    close: null,
    retry: false,
    words: "The model is larger than the room that is left. Remove an uploaded model, " +
      "or start the server with a larger --models-mb.",
  },
  "model-incomplete": {
    status: 409,
    close: null,
    retry: false,
    words: "Not all files of the model have arrived. Send it again.",
  },
  "model-refused": {
    status: 422,
    close: null,
    retry: false,
    words: "This is no model that can be opened. What follows says why: change that, then open it again.",
  },
  "head-refused": {
    status: 422,
    close: null,
    retry: false,
    words: "Nothing can be learned from these rows, or this is no head. What follows says why.",
  },
  "archive-refused": {
    status: 422,
    close: null,
    retry: false,
    words: "This folder cannot be imported. What follows says why.",
  },
  "table-bytes": {
    status: 413,
    close: null,
    retry: false,
    words: "The table is larger than the limit. Take a sample of its rows, or leave columns out.",
  },
  "table-refused": {
    status: 422,
    close: null,
    retry: false,
    words:
      "This table cannot be used as it is. What follows says why: change the table, or what is asked of it.",
  },
  "unknown-table": {
    status: 404,
    close: null,
    retry: false,
    words:
      "This table is not there any more: tables that nobody uses are forgotten after ten minutes. Open it again.",
  },
  "tables-busy": {
    status: 503,
    close: null,
    retry: true,
    words: "The server fits as many tables as it can at a time. Wait until one is done, then try again.",
  },
  "labels-count": {
    status: 422,
    close: null,
    retry: false,
    words: "The model has another number of classes than there are names. Give one name for each class.",
  },
  "no-taught": {
    status: 404,
    close: null,
    retry: false,
    words:
      "This server teaches no models. Whoever runs it can let it: it is started without --taught-mb 0 then.",
  },
  "not-teachable": {
    status: 422,
    close: null,
    retry: false,
    words: "This model cannot be taught other classes. Choose another one to begin with.",
  },
  "not-learned": {
    status: 409,
    close: null,
    retry: true,
    words:
      "Nothing has been learned yet: it takes two classes with a few pictures each. The message says what is missing.",
  },
  "fit-failed": {
    status: 422,
    close: null,
    retry: false,
    words:
      "This head cannot be learned from these pictures. What follows says why: choose another head, or change the pictures.",
  },
  "taught-full": {
    status: 507,
    close: null,
    retry: false,
    words:
      "There is no room for more. Remove pictures or collections, or start the server with a larger --taught-mb.",
  },
  "taught-name": {
    status: 409,
    close: null,
    retry: false,
    words: "Another class has this name. Choose another one, or merge the two.",
  },
  "no-clips": {
    status: 404,
    close: null,
    retry: false,
    words:
      "This server keeps no clips. Whoever runs it can let it keep some: it is started without --clips-mb 0 then.",
  },
  "data-in-use": {
    status: 503,
    close: null,
    retry: true,
    words: "Another Gradcast uses the same data folder, so this server keeps no log and no clips. " +
      "Stop the other one, or start this one with --data and another folder.",
  },
  "data-locked": {
    status: 503,
    close: null,
    retry: true,
    words: "Another program has locked the server's data. Close that program, then try again.",
  },
  "data-gone": {
    status: 503,
    close: null,
    retry: true,
    words: "The server's data folder was deleted or moved. Try again: the server makes a new, empty one. " +
      "To have the old one back, stop the server, put the folder back, then start it.",
  },
  "data-unusable": {
    status: 503,
    close: null,
    retry: true,
    words: "The server cannot use its data folder. Its terminal says why; mend it there, then try again.",
  },
  "disk-full": {
    status: 507,
    close: null,
    retry: true,
    words: "The disk of the server's data folder is full. Free some space on it, then try again.",
  },
  "not-found": {
    status: 404,
    close: null,
    retry: false,
    words: "There is nothing at this address. Check it for a mistake.",
  },
  "bad-request": {
    status: 400,
    close: null,
    retry: false,
    words: "The request could not be read. Check the address and the headers.",
  },
  "request-timeout": {
    status: 408,
    close: null,
    retry: true,
    words: "The request did not arrive in time. Try again over a better connection.",
  },
  "headers-size": {
    status: 431,
    close: null,
    retry: false,
    words: "The address or the headers of the request are too long. Shorten them.",
  },
  "upgrade-required": {
    status: 426,
    close: null,
    retry: false,
    words: "This address is for WebSockets alone. Open the page instead.",
  },
  "method-not-allowed": {
    status: 405,
    close: null,
    retry: false,
    words: "This address cannot be used in this way. Check the method of the request.",
  },
} as const satisfies Record<string, ErrorMeaning>;

/** A code that crosses the wire. */
export type ErrorCode = keyof typeof ERRORS;

/** Every error code, for schemas and tests. */
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** Finds the error that a close code stands for, or null for a code that is not Gradcast's. */
export function errorOfCloseCode(close: number): ErrorCode | null {
  return ERROR_CODES.find((code) => ERRORS[code].close === close) ?? null;
}

/** An error with a wire code: thrown inside, answered at the edge. */
export class GradcastError extends Error {
  override readonly name = "GradcastError";
  readonly code: ErrorCode;
  /** Each thing that does not fit, where the message names several or only the first of them; else empty. */
  readonly items: readonly string[];

  /** `message` follows the house form `Cannot ACTION: REASON, got X`. */
  constructor(
    code: ErrorCode,
    message: string,
    options?: ErrorOptions & { readonly items?: readonly string[] },
  ) {
    super(message, options);
    this.code = code;
    this.items = options?.items ?? [];
  }
}
