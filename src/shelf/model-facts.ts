/** What the shelf knows of a model. Plain data: it comes from the inspection's process (`src/inspection/`). */

/** A model that was found on this machine. */
export interface FoundModel {
  /** The program in whose folder it lies. */
  readonly program: string;
  readonly name: string;
  /** What the setting `sotto.model` takes: a GGUF file, or a folder. */
  readonly path: string;
  /** Size on the disk. */
  readonly bytes: number;
}

/** What the header of a model says. */
export interface ModelFacts {
  /** Hugging Face's `model_type`, such as `qwen2`. */
  readonly architecture: string;
  /** The type of most of its weights, such as `Q4_K`. */
  readonly quantisation: string;
  /** Tokens that it was made for. */
  readonly contextLength: number;
  readonly layers: number;
  /** Bytes of weights that are read for each token. */
  readonly bytesPerToken: number;
  /** The family whose layout it is prompted in; undefined if it sees only the text before the cursor. */
  readonly fillInTheMiddle?: string;
}

/** A model that cannot run is no fault of ours: the shelf says why in one line. */
export type Inspection = { readonly facts: ModelFacts } | { readonly cannotRun: string };
