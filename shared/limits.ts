/** Every limit of the wire and the page, with its unit; `errors.ts` names the refusal that belongs to each. */

/** Version of the wire protocol; a hello with another one is refused (H2). */
export const PROTOCOL_VERSION = 5;

/** Largest encoded frame, in bytes (F2). */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** Longest side of a frame before it is decoded, in pixels (F3). */
export const MAX_FRAME_SIDE_PX = 2048;

/** Largest control message, in UTF-16 code units (M3). */
export const MAX_CONTROL_CHARS = 8 * 1024;

/** Frames that a client may have without an answer, as F6 fixes them: one computed and one waiting. The page's pacer keeps to it. */
export const MAX_FRAMES_IN_FLIGHT = 2;

/** Viewers connected at the same time (H5). */
export const MAX_VIEWERS = 32;

/** Viewers of one address at the same time (H5). */
export const MAX_VIEWERS_PER_ADDRESS = 8;

/** Seats beyond `MAX_VIEWERS` that only pages on the server's own machine get (H5). */
export const RESERVED_SEATS = 1;

/** How long a seat is kept for a viewer that has not said hello, in ms (H11). */
export const GREETING_SEAT_MS = 1_000;

/** How long a seat is kept for a viewer that has shown nothing yet, in ms (H11). */
export const EMPTY_SEAT_MS = 10_000;

/** How long a seat is kept for a viewer that has shown something and asks for nothing more, in ms (H11). */
export const IDLE_SEAT_MS = 60_000;

/** Results are dropped while more than this waits in a viewer's socket, in bytes (B1). */
export const MAX_BUFFERED_BYTES = 256 * 1024;

/** A viewer with more than this in its socket is closed at once, in bytes (B3). */
export const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** How long a viewer may stay over `MAX_BUFFERED_BYTES`, in ms (B2). */
export const MAX_SLOW_MS = 10_000;

/** Cameras of which the page remembers whether they are shown as a mirror. */
export const MAX_MIRROR_CHOICES = 20;

/** How long a request's headers may take, in ms (N1). */
export const HEADER_TIMEOUT_MS = 10_000;

/** How long a body may pause, and how much longer than its bytes at the least rate it may take in all, in ms (N1). */
export const BODY_TIMEOUT_MS = 30_000;

/** The least rate of a body, in bytes a second (N1). */
export const MIN_BODY_RATE = 1_000;

/** How long a connection may stay idle between two requests, or take no byte of an answer, in ms (N1). */
export const IDLE_TIMEOUT_MS = 60_000;

/** Connections at the same time, where the machine has room for them (N2). */
export const MAX_CONNECTIONS = 1024;

/** Connections of one address of another machine (N2): its watchers (W3), its viewers (H5), and what their pages load. */
export const MAX_CONNECTIONS_PER_ADDRESS = 320;

/** Requests that one connection may have without an answer (N3). */
export const MAX_PIPELINED = 8;

/** Longest head of a request, in bytes (N3). */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Pictures in the bodies of requests at the same time, in bytes (N5). */
export const MAX_BODIES_BYTES = 128 * 1024 * 1024;

/** Largest message before the hello, and from those who watch or steer, in bytes: control messages fit (N6). */
export const MAX_FIRST_MESSAGE_BYTES = 3 * MAX_CONTROL_CHARS;

/** Largest message on a WebSocket, in bytes: a frame with its header (N6). */
export const MAX_MESSAGE_BYTES = MAX_FRAME_BYTES + 24;

/** How long the other side has to answer a close, in ms (E3). */
export const GOODBYE_MS = 1_000;

/** How long a stopping server waits for what it is sending, in ms (N7). */
export const STOP_MS = 1_500;

/** How long the first hello may take, in ms (H4). */
export const HELLO_TIMEOUT_MS = 5_000;

/** How often an end looks whether it still hears the other one, in ms (K1). */
export const HEARTBEAT_STEP_MS = 500;

/** Silence after which an end asks whether the other one is there, in ms (K1). */
export const PING_AFTER_MS = 2_000;

/** Silence after which a connection counts as dead, in ms (K1). */
export const MAX_SILENCE_MS = 5_000;

/** Refused messages in a row before the viewer is closed (M4). */
export const MAX_BAD_MESSAGES = 32;

/** Control messages of one kind, each second and at once (M6); a slider that is dragged sends 60 in a second. */
export const MAX_MESSAGES_PER_S = 120;
export const MAX_MESSAGES_AT_ONCE = 240;

/** Frames, each second and at once (M6). */
export const MAX_FRAMES_PER_S = 240;
export const MAX_FRAMES_AT_ONCE = 480;

/** Messages over a rate that are refused before the sender is closed (M7). */
export const MAX_MESSAGES_OVER = 120;

/** Shortest time between two turns in which what was asked for takes effect, in ms (M5). */
export const TURN_PAUSE_MS = 16;

/** How many times as long as a turn took the next one waits, so that a viewer's turns take a tenth of the time (M5). */
export const TURN_REST = 9;

/** How long another cover waits for the next frame of a moving picture whose last one is answered, in ms (U7). */
export const COVER_FRAME_MS = 40;

/** How long a cover has to stay before anything is measured beside its maps, in ms (U7). */
export const COVER_REST_MS = 800;

/** Panes beside the main one (P1); their ids are 1 to this. */
export const MAX_PANES = 5;

/** Watchers and remotes of all shows together (W3). */
export const MAX_WATCHERS = 300;

/** Watchers and remotes of one address (W3): a whole classroom may be behind one. */
export const MAX_WATCHERS_PER_ADDRESS = 250;

/** Remotes of one show (W3). */
export const MAX_REMOTES = 4;

/** How long a show waits for a presenter whose connection is gone, in ms (W8). */
export const SHOW_PATIENCE_MS = 60_000;

/** Commands of one remote within a second (W7). */
export const MAX_REMOTE_COMMANDS = 20;

/** Shortest time between two bundles of a show, in ms (W4). */
export const BUNDLE_PAUSE_MS = 66;

/** Bundles that all shows send in a second at most, counted once a watcher (W4). */
export const MAX_BUNDLES_PER_S = 300;

/** Bytes that a show sends in a second at most, counted once a watcher (W4). */
export const MAX_SHOW_BYTES_PER_S = 12_000_000;

/** Longest class in words, in characters: an index, a colon and a name, or a label. */
export const MAX_CLASS_TEXT = 200;

/** Predictions in a result. */
export const TOP_CLASSES = 5;

/** Pictures explained over HTTP at the same time (A5). */
export const MAX_API_REQUESTS = 4;

/** Maps of one picture over HTTP: methods times classes (A5). */
export const MAX_API_MAPS = 64;

/** Largest picture over HTTP, in bytes, with all that a phone puts behind it (A4). */
export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** Longest side of a picture over HTTP and on the command line, in pixels (A4). */
export const MAX_PICTURE_SIDE_PX = 16_384;

/** Most pixels of a picture over HTTP (A4). */
export const MAX_HTTP_PIXELS = 64 * 1024 * 1024;

/** Most pixels of a picture on the command line. */
export const MAX_FILE_PIXELS = 128 * 1024 * 1024;

/** What a form may hold beside its picture, in bytes (A4). */
export const MAX_FORM_EXTRA_BYTES = 16 * 1024;

/** When a request that received `busy` may be made again, in s (A5). */
export const RETRY_AFTER_S = 2;

/** Cells along the longer side of a channel in a grid at most, where it is 20 to 60 px large (I2). */
export const MAX_TILE_CELLS = 56;

/** Cells along the longer side of a channel in a drawing of the network at most (I10). */
export const MAX_DRAWN_CELLS = 28;

/** Channels that are named by what they add to a class (I3). */
export const TOP_CHANNELS = 16;

/** Feature visualisations under way at the same time (I6). */
export const MAX_FEATURE_RUNS = 2;

/** Finished feature visualisations that the server keeps (I7). */
export const MAX_KEPT_FEATURES = 64;

/** Largest media of a clip on the server, in bytes (C2). */
export const MAX_CLIP_BYTES = 2 * 1024 * 1024 * 1024;

/** Largest sidecar of a clip on the server, in bytes (C2). */
export const MAX_CLIP_SIDECAR_BYTES = 64 * 1024 * 1024;

/** Largest thumbnail of a clip on the server, in bytes (C2). */
export const MAX_CLIP_THUMBNAIL_BYTES = 128 * 1024;

/** Largest JSON that a client sends of a clip, in bytes: its thumbnail in base64 and room for the rest (C2). */
export const MAX_CLIP_JSON_BYTES = 256 * 1024;

/** Uploads of clips that are not ended, at a time (C14). */
export const MAX_CLIP_UPLOADS = 32;

/** Clips that the server keeps, those in the trash included (C14). */
export const MAX_CLIPS = 5_000;

/** How long an upload may stand still before what there is of it is deleted, in ms of the server's running (C5). */
export const MAX_CLIP_UPLOAD_MS = 24 * 60 * 60_000;

/** After how long an upload that stands still gives way to others, in ms of the server's running (C14). */
export const CLIP_UPLOAD_IDLE_MS = 60 * 60_000;

/** How long a deleted clip lies in the server's trash, in ms (C7). */
export const CLIP_TRASH_MS = 7 * 24 * 60 * 60_000;

/** Entries that the pages of one address may write into the log within an hour, the server's own machine aside (L9). */
export const MAX_LOG_ENTRIES_PER_HOUR = 120;

/** Bytes of these entries with their pictures (L9). */
export const MAX_LOG_BYTES_PER_HOUR = 16 * 1024 * 1024;

/** Writes of one viewer that wait for the log's disk, and their bytes; what is beyond turns the viewer's log off (L11). */
export const MAX_LOG_WAITING = 256;
export const MAX_LOG_WAITING_BYTES = 16 * 1024 * 1024;

/** Files of an uploaded model at most, and bytes of a request about one, names of its classes included (Y1, Y4). */
export const MAX_MODEL_FILES = 1_000;
export const MAX_MODEL_JSON_BYTES = 4 * 1024 * 1024;

/** Collections that models are taught from, and classes and pictures of one (O2). */
export const MAX_TAUGHT = 200;
export const MAX_TAUGHT_CLASSES = 100;
export const MAX_TAUGHT_PICTURES = 10_000;

/** Largest picture of a collection, in bytes; pages send them at the network's size (O3). */
export const MAX_TAUGHT_PICTURE_BYTES = 256 * 1024;

/** Pictures of one request, and its bytes (O3). */
export const MAX_TAUGHT_FORM_PICTURES = 64;
export const MAX_TAUGHT_FORM_BYTES = MAX_TAUGHT_FORM_PICTURES * MAX_TAUGHT_PICTURE_BYTES + 64 * 1024;

/** Bytes and files of an exported folder that is imported (O12). */
export const MAX_TAUGHT_IMPORT_BYTES = 96 * 1024 * 1024;
export const MAX_TAUGHT_IMPORT_FILES = MAX_TAUGHT_PICTURES + 100;

/** Acts on a collection that can be taken back (O5). */
export const MAX_TAUGHT_UNDO = 20;

/** Pictures of each class from which on a model learns (O6). */
export const MIN_TAUGHT_PICTURES = 5;

/** Time from the beginning of one measurement of a map's reason to the next, in ms (S2). */
export const REASON_PAUSE_MS = 1_000;
