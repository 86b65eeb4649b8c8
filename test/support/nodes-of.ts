import ts from "typescript";

/** Lists every node below one, comments left out; a node that is not `entered` is left out with all below it. */
export function nodesOf(root: ts.Node, entered?: (node: ts.Node) => boolean): readonly ts.Node[] {
  if (entered !== undefined) return nodesBelow(root, entered);
  const nodes = walked.get(root) ?? nodesBelow(root, () => true);
  walked.set(root, nodes);
  return nodes;
}

/** Nearly every rule walks all sources. */
const walked = new WeakMap<ts.Node, readonly ts.Node[]>();

function nodesBelow(root: ts.Node, entered: (node: ts.Node) => boolean): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (!entered(node)) return;
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
  return nodes;
}
