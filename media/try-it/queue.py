# Try Sotto here. The grey text at the cursor is a suggestion.
#
#     Tab           takes it
#     Ctrl+Right    takes one word of it (Cmd+Right on a Mac)
#     Alt+\         asks for one, at any place
#
# Then write on: another line, another method. Nothing that you write leaves this machine.


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
