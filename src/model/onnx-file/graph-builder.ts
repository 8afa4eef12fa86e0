/**
 * Writes an ONNX graph operator by operator. Each call appends a node and returns the value that it computes, so a
 * model reads like its arithmetic. Knows operators, constants and weights. Knows nothing of transformers.
 */
import {
  type AttributeProto,
  attributeType,
  type Dimension,
  dataType,
  encodeModel,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx-schema';
import type { WeightsFile } from './weights-file';

declare const valueBrand: unique symbol;
/** A value in the graph: the name of a node's output, an input, a constant or a weight. */
export type Value = string & { readonly [valueBrand]: true };

/** A whole number becomes an `int` attribute. Write a float as `{ float: x }`. */
export type Attributes = Readonly<Record<string, number | readonly number[] | { readonly float: number }>>;

export type ElementType = 'bool' | 'float' | 'float16' | 'int64';

/** The operators of the ONNX standard, and those that ONNX Runtime adds. */
const opsetImport = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
];

export class GraphBuilder {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers = new Map<string, TensorProto>();
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly outputNames = new Map<string, string>();

  constructor(private readonly weights: WeightsFile) {}

  /**
   * An operator of the ONNX standard with one output. `SimplifiedLayerNormalization` is ONNX Runtime's own, but it has
   * it under the standard's name space too.
   */
  op(opType: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}): Value {
    return this.node('', opType, inputs, attributes, 1)[0]!;
  }

  /** An operator that ONNX Runtime adds (`com.microsoft`), with one output. */
  msOp(opType: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}): Value {
    return this.node('com.microsoft', opType, inputs, attributes, 1)[0]!;
  }

  /** An operator of the ONNX standard with several outputs. */
  multiOp(opType: string, inputs: readonly Value[], attributes: Attributes, outputs: number): Value[] {
    return this.node('', opType, inputs, attributes, outputs);
  }

  input(name: string, type: ElementType, dims: readonly (number | string)[]): Value {
    this.inputs.push(valueInfo(name, type, dims));
    return name as Value;
  }

  /** Makes `value` an output of the whole graph and names it. */
  output(name: string, value: Value, dims: readonly (number | string)[], type: ElementType = 'float'): void {
    this.outputNames.set(value, name);
    this.outputs.push(valueInfo(name, type, dims));
  }

  /** The same numbers in another type. */
  cast(value: Value, to: ElementType): Value {
    return this.op('Cast', [value], { to: dataType[to] });
  }

  /** A small constant inside the graph. Equal constants are written once. */
  ints(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    const name = `int64[${dims}]:${values}`;
    const data = new BigInt64Array(values.map(value => BigInt(value)));
    return this.constant(name, dataType.int64, dims, data);
  }

  /** A float constant without dimensions. */
  float(value: number): Value {
    return this.constant(`float:${value}`, dataType.float, [], new Float32Array([value]));
  }

  /** A tensor in the weights file. `data` is written at once and not kept in memory. */
  weight(name: string, dims: readonly number[], data: Float32Array | Uint8Array): Value {
    const elementType = data instanceof Float32Array ? dataType.float : dataType.uint8;
    this.initializers.set(name, this.weights.append(name, dims, elementType, data));
    return name as Value;
  }

  /** The same bytes of the weights file as a tensor of other dimensions. */
  reshapedWeight(name: string, weight: Value, dims: readonly number[]): Value {
    this.initializers.set(name, { ...this.initializers.get(weight)!, name, dims });
    return name as Value;
  }

  has(weightName: string): boolean {
    return this.initializers.has(weightName);
  }

  /** The bytes of `model.onnx`, with `metadata` stored inside. */
  finish(metadata: Readonly<Record<string, string>>): Uint8Array {
    return encodeModel({
      irVersion: 10,
      producerName: 'sotto',
      opsetImport,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: 'decoder',
        node: this.nodes.map(node => ({
          ...node,
          input: node.input.map(value => this.outputNames.get(value) ?? value),
          output: node.output.map(value => this.outputNames.get(value) ?? value),
        })),
        initializer: [...this.initializers.values()],
        input: this.inputs,
        output: this.outputs,
      },
    });
  }

  private node(
    domain: string,
    opType: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputCount: number,
  ): Value[] {
    const name = `${opType}_${this.nodes.length}`;
    const output = Array.from({ length: outputCount }, (_, i) => `${name}:${i}`);
    this.nodes.push({
      name,
      opType,
      domain,
      input: inputs.map(value => value ?? ''),
      output,
      attribute: Object.entries(attributes).map(toAttribute),
    });
    return output as Value[];
  }

  private constant(name: string, elementType: number, dims: readonly number[], data: ArrayBufferView): Value {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.set(name, { name, dims, dataType: elementType, rawData });
    return name as Value;
  }
}

function toAttribute([name, value]: [string, Attributes[string]]): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeType.int, i: value };
  if ('float' in value) return { name, type: attributeType.float, f: value.float };
  return { name, type: attributeType.ints, ints: value };
}

function valueInfo(name: string, type: ElementType, dims: readonly (number | string)[]): ValueInfoProto {
  const dim: Dimension[] = dims.map(size =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: dataType[type], shape: { dim } } } };
}
