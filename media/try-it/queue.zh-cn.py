# 在这里试用 Sotto。光标处的灰色文本就是一条建议。
#
#     Tab           接受它
#     Ctrl+Right    接受其中一个词（Mac 上是 Cmd+Right）
#     Alt+\         在任意位置请求建议
#
# 然后接着写：再写一行，再写一个方法。你写的内容不会离开这台电脑。


class Queue:
    def __init__(self):
        self.items = []
        self.listeners = []

    def push(self, item):
        self.items.append(item)
        for listener in self.listeners:
            listener(item)

    def push_first(self, item):
        self.items.insert(0, item)
        for listener in self.listeners:
            █
