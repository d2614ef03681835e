import os, random, uuid
class SystemEntropy:
    def fraction(self): return random.random()
    def uuid(self): return uuid.uuid4()
    def bytes(self, count): return os.urandom(count)
