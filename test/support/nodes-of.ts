import ts from "typescript";

/** Lists every node below one, comments left out; a node that is not `entered` is left out with all below it. */
export function nodesOf(
  root: ts.Node,
  entered: (node: ts.Node) => boolean = () => true,
): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (!entered(node)) return;
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
  return nodes;
}
