/**
 * Says what a model is and whether Sotto can run it, from its header alone: sizes, types, tokenizer. Reads no weights.
 */
import { ModelFileError } from '../checkpoint/model-file-error';
import { type ModelSource, resolveModelSource, type WeightBits } from '../checkpoint/model-source';
import { estimateMemory } from '../model/estimate-memory';
import { inspectCheckpoint, readShape } from '../model/inspect-checkpoint';
import { findLayout } from '../prompt/find-layout';
import type { FoundModel, Inspection, ModelFacts } from '../shelf/model-facts';
import { loadTokenizer } from '../tokenizer/load-tokenizer';

/** A model that Sotto refuses is an answer, and no error. */
export async function inspectModel({ path, bytes }: Pick<FoundModel, 'path' | 'bytes'>): Promise<Inspection> {
  try {
    const source = resolveModelSource(path);
    const facts = factsOf(source, bytes);
    // The vocabulary is in the header too, and a tokenizer that we do not know is a reason to refuse.
    const { name } = findLayout(await loadTokenizer(source.tokenizerPath));
    return { facts: { ...facts, ...(name !== 'prefix only' && { fillInTheMiddle: name }) } };
  } catch (error) {
    if (!(error instanceof ModelFileError)) return { cannotRun: (error as Error).message };
    const { field, problem } = error;
    // The shelf shows the name of the model already.
    const isWhole = field === 'file' || field === 'folder';
    return {
      cannotRun: new ModelFileError('', field, problem).message.slice(isWhole ? `: ${field}: `.length : 2),
    };
  }
}

function factsOf(source: ModelSource, bytes: number): ModelFacts {
  if (source.kind === 'onnx-export') {
    const { layers, contextLength } = readShape(source);
    // What is in its file is known to ONNX Runtime only. Nearly all of it is weights.
    return { architecture: 'onnx', quantisation: 'ONNX', contextLength, layers, bytesPerToken: bytes };
  }
  const { architecture, shape, storedTypes } = inspectCheckpoint(source);
  const { weightsPerToken } = estimateMemory(source, source.weightBits, source.contextWindow);
  return {
    architecture,
    quantisation: quantisationOf(storedTypes[0]?.type ?? 'unknown', source.weightBits),
    contextLength: shape.contextLength,
    layers: shape.layers,
    bytesPerToken: weightsPerToken,
  };
}

/** The blocks of a GGUF file are used as they are. Other weights are rounded when the model is prepared. */
function quantisationOf(type: string, bits: WeightBits): string {
  return bits === 'stored' || bits === 32 ? type : `${type}, run as int${bits}`;
}
