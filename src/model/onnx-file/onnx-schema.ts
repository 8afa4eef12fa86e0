/**
 * The part of ONNX's protobuf schema that a decoder graph needs, as field names and numbers.
 *
 * Field numbers are those of onnx.proto (IR version 10). This file turns a plain object into the bytes of a
 * `ModelProto` and back. Knows nothing of transformers.
 */
import protobuf from 'protobufjs/light';

/** `TensorProto.DataType` */
export const dataType = { float: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
/** `AttributeProto.AttributeType` */
export const attributeType = { float: 1, int: 2, ints: 7 } as const;
/** `TensorProto.DataLocation` */
export const dataLocation = { external: 1 } as const;

export interface StringEntry {
  readonly key: string;
  readonly value: string;
}

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** The elements, little-endian. Absent if the data is in the external file. */
  readonly rawData?: Uint8Array;
  readonly externalData?: readonly StringEntry[];
  readonly dataLocation?: number;
}

export interface AttributeProto {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly ints?: readonly number[];
}

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** An empty name stands for an optional input that is left out. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

/** A fixed size, or the name of a size that is known only at run time. */
export type Dimension = { readonly dimValue: number } | { readonly dimParam: string };

export interface ValueInfoProto {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly Dimension[] };
    };
  };
}

export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly StringEntry[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly NodeProto[];
    readonly initializer: readonly TensorProto[];
    readonly input: readonly ValueInfoProto[];
    readonly output: readonly ValueInfoProto[];
  };
}

/** The bytes of `model.onnx`. */
export function encodeModel(model: ModelProto): Uint8Array {
  return modelMessage.encode(modelMessage.create(model)).finish();
}

/**
 * The model that `bytes` describe, for inspection and tests. A field that is 0 or empty is absent, because protobufjs
 * does not write it. Readers treat an absent field as 0 or empty.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  // protobufjs returns exactly the fields of our schema, which are the fields of this type.
  return modelMessage.toObject(modelMessage.decode(bytes), {
    longs: Number,
    arrays: true,
  }) as unknown as ModelProto;
}

const field = (id: number, type: string) => ({ id, type });
const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const modelMessage = protobuf.Root.fromJSON({
  nested: {
    StringEntry: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    Tensor: {
      fields: {
        dims: repeated(1, 'int64'),
        dataType: field(2, 'int32'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
        externalData: repeated(13, 'StringEntry'),
        dataLocation: field(14, 'int32'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        ints: repeated(8, 'int64'),
        type: field(20, 'int32'),
      },
    },
    Node: {
      fields: {
        input: repeated(1, 'string'),
        output: repeated(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: repeated(5, 'Attribute'),
        domain: field(7, 'string'),
      },
    },
    Dimension: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
    Shape: { fields: { dim: repeated(1, 'Dimension') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'Shape') } },
    Type: { fields: { tensorType: field(1, 'TensorType') } },
    ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Graph: {
      fields: {
        node: repeated(1, 'Node'),
        name: field(2, 'string'),
        initializer: repeated(5, 'Tensor'),
        input: repeated(11, 'ValueInfo'),
        output: repeated(12, 'ValueInfo'),
      },
    },
    OperatorSet: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: repeated(8, 'OperatorSet'),
        metadataProps: repeated(14, 'StringEntry'),
      },
    },
  },
}).lookupType('Model');
