/**
 * Reads weights from several safetensors files. An index says which tensor is in which file:
 *
 *     {"metadata": {"total_size": 123}, "weight_map": {"lm_head.weight": "model-00002-of-00002.safetensors", ...}}
 *
 * A file is opened when one of its tensors is asked for. `total_size` is not read: nothing depends on it.
 * Source: transformers, `save_pretrained`.
 */
import { basename, dirname, join } from 'node:path';
import { JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';
import { openSafetensors } from './safetensors';
import type { TensorSource } from './tensor-source';

/** @throws ModelFileError if the index cannot be read, or names a file outside its folder */
export function openShardedSafetensors(indexPath: string): TensorSource {
  const places = readPlaces(indexPath);
  const opened = new Map<string, TensorSource>();
  const shardWith = (name: string): TensorSource => {
    const file = places.get(name);
    if (file === undefined) throw new ModelFileError(indexPath, `tensor '${name}'`, 'is missing');
    const shard = opened.get(file) ?? openShard(indexPath, places, file);
    opened.set(file, shard);
    return shard;
  };
  return {
    names: [...places.keys()],
    has: name => places.has(name),
    shape: name => shardWith(name).shape(name),
    read: (name, shape) => shardWith(name).read(name, shape),
    stored: name => shardWith(name).stored!(name),
    close() {
      for (const shard of opened.values()) shard.close();
      opened.clear();
    },
  };
}

/** Paths of the files that an index names. @throws ModelFileError as `openShardedSafetensors` */
export function shardPaths(indexPath: string): readonly string[] {
  return [...new Set(readPlaces(indexPath).values())].map(file => join(dirname(indexPath), file));
}

/** Name of a tensor -> name of its file. */
type Places = ReadonlyMap<string, string>;

function readPlaces(indexPath: string): Places {
  const map = JsonFile.read(indexPath).object('weight_map');
  const places = new Map<string, string>();
  for (const tensor of map.keys()) {
    const file: string = map.string(tensor);
    // A stranger may have written this name. It must not lead out of the folder, on any system.
    if (/[/\\:\0]|^\.{0,2}$/.test(file)) throw map.wrong(tensor, file, 'the name of a file beside the index');
    places.set(tensor, file);
  }
  return places;
}

/** @throws ModelFileError if the tensors of the file are not those that the index places there */
function openShard(indexPath: string, places: Places, file: string): TensorSource {
  const path = join(dirname(indexPath), file);
  const shard = openSafetensors(path);
  try {
    const fault = (tensor: string, problem: string) =>
      new ModelFileError(path, `tensor '${tensor}'`, problem);
    const index = basename(indexPath);
    for (const [tensor, place] of places)
      if (place === file && !shard.has(tensor))
        throw fault(tensor, `is missing, but ${index} places it here`);
    for (const tensor of shard.names) {
      const place = places.get(tensor) ?? 'no file';
      if (place !== file) throw fault(tensor, `is here, but ${index} places it in ${place}`);
    }
    return shard;
  } catch (error) {
    shard.close();
    throw error;
  }
}
